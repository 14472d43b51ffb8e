// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/authorization_start.h"

#include "sallyport/base/log.h"
#include "sallyport/oauth/authorization_request.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/pkce.h"
#include "sallyport/oauth/pushed_authorization.h"
#include "sallyport/signin/providers/authorization_parameters.h"

namespace sallyport::signin {
namespace {

Task<std::string> Push(ProviderConnection& provider, oauth::ProviderMetadata metadata, oauth::FormParameters parameters) {
  SALLYPORT_CO_TRY(const auto response, co_await provider.Post(metadata.pushed_authorization_request_endpoint, std::move(parameters)));
  SALLYPORT_CO_TRY(const auto pushed, oauth::ReadPushedAuthorization(response.status, HeaderOf(response, "content-type"), response.body));
  co_return oauth::PushedAuthorizationUrl(metadata.authorization_endpoint, provider.client_id(), pushed);
}

Task<std::string> UrlFor(ProviderConnection& provider, oauth::ProviderMetadata metadata, oauth::FormParameters parameters) {
  if (!metadata.pushed_authorization_request_endpoint.empty()) {
    auto url = co_await Push(provider, metadata, parameters);
    if (url || metadata.requires_pushed_requests) co_return url;
    log::Warn("the authorization request could not be pushed and goes by the browser",
              {{"provider", provider.spec().id}, {"error", url.error().ToLogString()}});
  } else if (metadata.requires_pushed_requests) {
    co_return Fail(oauth::Errc::kUnsupported, "pushed requests are demanded, and there is no endpoint for them");
  }
  std::string url = oauth::WithQuery(metadata.authorization_endpoint, parameters);
  if (!provider.spec().authorization.fragment.empty()) url += "#" + provider.spec().authorization.fragment;
  co_return url;
}

}  // namespace

Task<StartedSignIn> StartAuthorization(ProviderConnection& provider, std::string redirect_uri, const token::TransactionSealer& sealer,
                                       Random& random, StartRequest request) {
  const ProviderSpec& spec = provider.spec();
  SALLYPORT_CO_TRY(auto metadata, co_await provider.Metadata());
  token::Transaction transaction;
  transaction.provider = spec.id;
  transaction.state = oauth::MintUnguessable(random);
  if (spec.pkce) transaction.code_verifier = oauth::MintUnguessable(random);
  if (spec.nonce && spec.kind == ProviderKind::kOidc) transaction.nonce = oauth::MintUnguessable(random);
  transaction.callback_url = std::move(request.callback_url);
  transaction.link_user = std::move(request.link_user);
  transaction.link_session = std::move(request.link_session);

  oauth::AuthorizationRequest authorization;
  for (auto& parameter : StaticAuthorizationParameters(spec, provider.client_id())) {
    authorization.provider.push_back({std::move(parameter.name), std::move(parameter.value)});
  }
  authorization.caller = std::move(request.caller);
  authorization.redirect_uri = std::move(redirect_uri);
  authorization.state = transaction.state;
  authorization.nonce = transaction.nonce;
  if (spec.pkce) authorization.code_challenge = oauth::S256Challenge(transaction.code_verifier);
  SALLYPORT_CO_TRY(auto parameters, oauth::ToParameters(authorization));

  StartedSignIn out;
  out.state = transaction.state;
  out.cross_site_answer = spec.authorization.response_mode == "form_post";
  SALLYPORT_CO_TRY(out.transaction, sealer.Seal(std::move(transaction)));
  SALLYPORT_CO_TRY(out.url, co_await UrlFor(provider, std::move(metadata), std::move(parameters)));
  co_return out;
}

}  // namespace sallyport::signin
