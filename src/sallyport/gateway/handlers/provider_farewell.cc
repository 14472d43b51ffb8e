// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/handlers/provider_farewell.h"

#include "sallyport/async/spawn.h"
#include "sallyport/signin/oauth/oauth_method.h"
#include "sallyport/signin/oauth/provider_sign_out.h"

namespace sallyport::gateway {

Coroutine<void> RevokeProviderTokens(const Services& services, std::vector<json::object> tokens) {
  if (!services.oauth || tokens.empty()) co_return;
  const auto executor = co_await async::CurrentExecutor();
  async::Spawn(executor, signin::RevokeTokens(services.oauth->providers(), std::move(tokens)), "revocation at a provider");
}

}  // namespace sallyport::gateway
