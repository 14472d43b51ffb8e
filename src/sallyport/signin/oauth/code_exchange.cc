// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/code_exchange.h"

#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/token_request.h"

namespace sallyport::signin {
namespace {

constexpr const char* kJwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr const char* kJwtBearerClient = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

// Azure DevOps has a form of its own: code and client secret stand in the places of assertions.
Task<net::OutboundResponse> PostAssertion(ProviderConnection& provider, std::string endpoint, std::string code, std::string redirect_uri) {
  const oauth::FormParameters form = {{"grant_type", kJwtBearerGrant},
                                      {"assertion", std::move(code)},
                                      {"client_assertion_type", kJwtBearerClient},
                                      {"client_assertion", std::string(provider.options().credentials.client_secret.Reveal())},
                                      {"redirect_uri", std::move(redirect_uri)}};
  net::OutboundRequest request;
  request.method = "POST";
  request.url = std::move(endpoint);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = oauth::EncodeForm(form);
  co_return co_await provider.Send(std::move(request));
}

Task<net::OutboundResponse> AskForTokens(ProviderConnection& provider, std::string code, std::string redirect_uri, std::string verifier) {
  SALLYPORT_CO_TRY(auto metadata, co_await provider.Metadata());
  if (provider.spec().token.grant == TokenGrant::kJwtBearerAssertion) {
    co_return co_await PostAssertion(provider, std::move(metadata.token_endpoint), std::move(code), std::move(redirect_uri));
  }
  co_return co_await provider.Post(std::move(metadata.token_endpoint), oauth::AuthorizationCodeGrant(code, redirect_uri, verifier));
}

}  // namespace

Task<Exchanged> ExchangeCode(ProviderConnection& provider, std::string code, std::string redirect_uri, token::Transaction transaction) {
  SALLYPORT_CO_TRY(const auto response, co_await AskForTokens(provider, code, std::move(redirect_uri), transaction.code_verifier));
  Exchanged out;
  SALLYPORT_CO_TRY(out.tokens, oauth::ReadTokenResponse(response.status, HeaderOf(response, "content-type"), response.body, false));
  if (provider.spec().kind != ProviderKind::kOidc) co_return out;
  if (out.tokens.id_token.empty()) co_return Fail(oauth::Errc::kMissingClaim, "the token answer has no id_token");
  oauth::IdTokenPolicy policy;
  policy.access_token = out.tokens.access_token.Reveal();
  policy.code = code;
  if (!transaction.nonce.empty()) policy.nonce = transaction.nonce;
  SALLYPORT_CO_TRY(out.id_token, co_await provider.VerifyIdToken(out.tokens.id_token, std::move(policy)));
  co_return out;
}

}  // namespace sallyport::signin
