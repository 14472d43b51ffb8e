// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/backchannel-logout/:provider: a provider's word that somebody has signed out there (S36). Cookies are ignored;
// the signed token is the guard.
#include "sallyport/signin/oauth/backchannel_logout.h"

#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/providers.h"
#include "sallyport/gateway/middleware/own_answer.h"
#include "sallyport/store/errc.h"

namespace sallyport::gateway {
namespace {

// Exactly one, in a form (§2.5).
std::string LogoutTokenIn(const BodyFields& body) {
  std::string out;
  for (const http::Parameter& field : body.form.items()) {
    if (field.name != "logout_token") continue;
    if (!out.empty()) return {};
    out = field.value;
  }
  return out;
}

// §2.8: a token that is not good is the caller's mistake; trouble of ours or the provider's is not.
Answer BadToken() { return Answer::Json(400, json::object{{"error", "invalid_request"}, {"error_description", "the logout token is not good"}}); }

bool MayBeTriedAgain(const Error& error) {
  return error.Is(signin::Errc::kProviderTrouble) || &error.code.category() == &make_error_code(store::Errc{}).category();
}

}  // namespace

Task<Answer> HandleBackchannelLogout(AuthRequest& request) {
  const auto provider = FindProvider(request.services, request.parameters.front());
  if (!provider || !provider->connection) co_return NotFoundAnswer(false, request.services.config.gateway.pages, request.request_id);
  const auto body = co_await request.Body();
  std::string token = body ? LogoutTokenIn(**body) : std::string();
  if (token.empty()) co_return BadToken();
  const auto sessions = signin::MakeSessionAccess(request.services.sessions);
  const signin::BackchannelLogout context{request.services.store, *sessions, request.services.clock};
  const auto ended = co_await signin::EndByLogoutToken(context, *provider->connection, std::move(token), FactsOf(request));
  if (ended) co_return Answer::Empty(200);
  if (MayBeTriedAgain(ended.error())) co_return std::unexpected(ended.error());
  co_return BadToken();
}

}  // namespace sallyport::gateway
