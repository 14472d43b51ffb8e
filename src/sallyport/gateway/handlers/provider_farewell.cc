// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/handlers/provider_farewell.h"

#include "sallyport/async/spawn.h"
#include "sallyport/session/session_service.h"
#include "sallyport/signin/oauth/provider_sign_out.h"

namespace sallyport::gateway {

Task<std::vector<json::object>> ReadProviderTokens(const Services& services, std::vector<model::SessionId> ids) {
  std::vector<json::object> out;
  if (!services.oauth) co_return out;
  for (model::SessionId& id : ids) {
    auto tokens = co_await services.sessions.LoadTokens(std::move(id));
    if (tokens && tokens->first.contains("provider")) out.push_back(std::move(tokens->first));
  }
  co_return out;
}

Coroutine<void> RevokeProviderTokens(const Services& services, std::vector<json::object> tokens) {
  if (!services.oauth || tokens.empty()) co_return;
  const auto executor = co_await async::CurrentExecutor();
  async::Spawn(executor, signin::RevokeTokens(*services.oauth, std::move(tokens)), "revocation at a provider");
}

}  // namespace sallyport::gateway
