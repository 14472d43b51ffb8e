// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/online_check.h"

#include "sallyport/net/errc.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/issuer.h"
#include "sallyport/oauth/pkce.h"
#include "sallyport/oauth/token_error.h"
#include "sallyport/oauth/token_request.h"
#include "sallyport/oauth/token_response.h"
#include "sallyport/signin/errc.h"

namespace sallyport::signin {
namespace {

OnlineFinding Unreachable(std::string what, const Error& error) {
  if (error.Is(net::Errc::kAddressNotAllowed)) {
    return {"allow_private_network", what + " is at a private address", "if that is meant, set allow_private_network = true"};
  }
  return {"", what + " cannot be reached: " + error.ToLogString(), "is the address right, and may this machine go there?"};
}

OnlineFinding OfDiscovery(const ProviderSpec& spec, const Error& error) {
  const bool by_issuer = spec.discovery_url.empty() || spec.discovery_url == oauth::OpenIdConfigurationUrl(spec.issuer);
  const std::string key = by_issuer ? "issuer" : "discovery_url";
  if (error.Is(oauth::Errc::kWrongIssuer)) return {"issuer", "is not what the provider calls itself: " + error.detail, "write it exactly as the provider does, from its own metadata"};
  if (error.Is(Errc::kProviderTrouble)) return {key, "leads to no discovery document: " + error.detail, "an issuer has its document at /.well-known/openid-configuration"};
  if (error.Is(oauth::Errc::kMalformed)) return {key, "leads to something that is no discovery document: " + error.detail, "an issuer has its document at /.well-known/openid-configuration"};
  if (error.Is(oauth::Errc::kInsecureEndpoint)) return {key, "names an endpoint without https: " + error.detail, "only providers with allow_private_network may do that"};
  if (error.Is(oauth::Errc::kUnsupported)) return {key, "cannot be used: " + error.detail, "the provider must offer the code flow with S256"};
  return Unreachable("the discovery document", error);
}

Task<void> CheckAuthorizationEndpoint(ProviderConnection& provider, std::string url, std::vector<OnlineFinding>& out) {
  net::OutboundRequest request;
  request.url = std::move(url);
  const auto response = co_await provider.Send(std::move(request));
  if (!response) out.push_back(Unreachable("the authorization endpoint", response.error()));
  else if (response->status == 404) out.push_back({"authorization_endpoint", "is not there: status 404", "is the address right?"});
  else if (response->status >= 500) out.push_back({"", "the authorization endpoint answers " + std::to_string(response->status), "try again later"});
  co_return Result<void>{};
}

Task<void> CheckCredentials(ProviderConnection& provider, std::string endpoint, std::string redirect_uri, std::string unguessable, std::vector<OnlineFinding>& out) {
  const auto response = co_await provider.Post(std::move(endpoint), oauth::AuthorizationCodeGrant("sallyport-check-" + unguessable, redirect_uri, unguessable));
  if (!response) {
    if (response.error().Is(oauth::Errc::kInvalidClientSetup)) out.push_back({"client_secret", "is not what this provider needs: " + response.error().detail, ""});
    else out.push_back(Unreachable("the token endpoint", response.error()));
    co_return Result<void>{};
  }
  const auto answer = oauth::ReadTokenResponse(response->status, HeaderOf(*response, "content-type"), response->body, false);
  if (!answer && answer.error().Is(oauth::Errc::kInvalidClient)) {
    out.push_back({"client_secret", "or client_id is refused by the provider: " + answer.error().detail, "copy both again from the provider's console" +
                   (provider.spec().console_url.empty() ? std::string() : ", " + provider.spec().console_url)});
  } else if (response->status == 404) {
    out.push_back({"token_endpoint", "is not there: status 404", "is the address right?"});
  } else if (response->status >= 500) {
    out.push_back({"", "the token endpoint answers " + std::to_string(response->status), "try again later"});
  }
  co_return Result<void>{};
}

}  // namespace

Task<std::vector<OnlineFinding>> CheckOnline(ProviderConnection& provider, std::string redirect_uri, Random& random) {
  std::vector<OnlineFinding> out;
  const auto metadata = co_await provider.Metadata();
  if (!metadata) {
    out.push_back(OfDiscovery(provider.spec(), metadata.error()));
    co_return out;
  }
  if (provider.spec().kind == ProviderKind::kOidc) {
    if (const auto keys = co_await provider.CheckKeys(); !keys) out.push_back(Unreachable("the key set (jwks_uri)", keys.error()));
  }
  SALLYPORT_CO_CHECK(co_await CheckAuthorizationEndpoint(provider, metadata->authorization_endpoint, out));
  SALLYPORT_CO_CHECK(co_await CheckCredentials(provider, metadata->token_endpoint, std::move(redirect_uri), oauth::MintUnguessable(random), out));
  co_return out;
}

}  // namespace sallyport::signin
