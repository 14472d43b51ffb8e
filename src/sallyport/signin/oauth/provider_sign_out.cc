// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/provider_sign_out.h"

#include "sallyport/base/log.h"
#include "sallyport/oauth/end_session_request.h"
#include "sallyport/oauth/revocation_request.h"

namespace sallyport::signin {
namespace {

std::string Member(const json::object& tokens, std::string_view name) { return std::string(GetString(tokens, name).value_or("")); }

Task<void> Revoke(ProviderConnection& provider, std::string endpoint, std::string token, std::string_view hint) {
  SALLYPORT_CO_TRY(const auto response, co_await provider.Post(std::move(endpoint), oauth::RevocationForm(token, hint)));
  co_return oauth::ReadRevocationAnswer(response.status, HeaderOf(response, "content-type"), response.body);
}

Task<void> RevokeBoth(ProviderConnection& provider, json::object tokens) {
  SALLYPORT_CO_TRY(const auto metadata, co_await provider.Metadata());
  if (metadata.revocation_endpoint.empty()) co_return Result<void>{};
  for (const char* name : {"refresh_token", "access_token"}) {
    std::string token = Member(tokens, name);
    if (token.empty()) continue;
    SALLYPORT_CO_CHECK(co_await Revoke(provider, metadata.revocation_endpoint, std::move(token), name));
  }
  co_return Result<void>{};
}

}  // namespace

Coroutine<void> RevokeTokens(std::shared_ptr<const ProviderSet> providers, std::vector<json::object> tokens) {
  for (json::object& one : tokens) {
    ProviderConnection* provider = providers->Find(Member(one, "provider"));
    if (!provider) continue;
    const auto revoked = co_await RevokeBoth(*provider, std::move(one));
    if (!revoked) log::Warn("a provider's tokens were not revoked", {{"provider", provider->spec().id}, {"error", revoked.error().ToLogString()}});
  }
}

Task<std::string> SignOutEndpoint(const ProviderSet& providers, std::string provider) {
  ProviderConnection* connection = providers.Find(provider);
  if (!connection || !connection->options().sign_out_there) co_return std::string();
  auto metadata = co_await connection->Metadata();
  if (!metadata) log::Warn("nobody can be signed out at the provider now", {{"provider", provider}, {"error", metadata.error().ToLogString()}});
  co_return metadata ? std::move(metadata->end_session_endpoint) : std::string();
}

Task<std::string> SignOutUrl(const ProviderSet& providers, json::object tokens, std::string return_to, std::string state) {
  const std::string provider = Member(tokens, "provider");
  SALLYPORT_CO_TRY(const std::string endpoint, co_await SignOutEndpoint(providers, provider));
  if (endpoint.empty()) co_return std::string();
  oauth::EndSessionRequest request;
  request.id_token_hint = Member(tokens, "id_token");
  request.client_id = providers.Find(provider)->client_id();
  request.post_logout_redirect_uri = std::move(return_to);
  request.state = std::move(state);
  co_return oauth::EndSessionUrl(endpoint, request);
}

}  // namespace sallyport::signin
