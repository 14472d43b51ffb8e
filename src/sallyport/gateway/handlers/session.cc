// SPDX-License-Identifier: Apache-2.0
// GET and POST /api/auth/session.
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/session_view.h"
#include "sallyport/gateway/handlers/wire_answer.h"

namespace sallyport::gateway {
namespace {

// The fail-safe "nobody" is null: v5 clients take {} for a session (research notes §0).
Answer NoSession(const AuthRequest& request, std::uint16_t status) {
  const bool v4 = request.services.config.session.compat == session::NextAuthCompat::kV4;
  return Answer::JsonText(status, v4 ? "{}" : "null");
}

void ClearDeadCookies(AuthRequest& request, const session::Resolution& resolution, Answer& answer) {
  if (resolution.state == session::CookieState::kNone) return;
  session::SessionService& sessions = request.services.sessions;
  for (std::string& cookie : session::ClearSessionCookies(sessions.cookie_names(), sessions.PresentCookieNames(request.head().fields)))
    answer.WithCookie(std::move(cookie));
}

}  // namespace

Task<Answer> HandleGetSession(AuthRequest& request) {
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  if (!resolution.session) {
    Answer answer = NoSession(request, 200);
    ClearDeadCookies(request, resolution, answer);
    co_return answer;
  }
  SALLYPORT_CO_TRY(auto cookies, co_await KeepAliveCookies(request, resolution, /*changed=*/false));
  Answer answer = Answer::Json(200, SessionJson(request, *resolution.session, resolution.session->data.claims));
  answer.set_cookies = std::move(cookies);
  co_return answer;
}

Task<Answer> HandlePostSession(AuthRequest& request) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  if (request.CheckCsrf(resolution.session) != AuthRequest::CsrfVerdict::kPassed) co_return NoSession(request, 400);
  if (!resolution.session) co_return NoSession(request, 200);

  json::object changes;
  if (const json::value* data = body->json.if_contains("data"); data && data->is_object()) changes = data->as_object();
  // Keys that are not listed are left out, not refused: apps post whole objects, and next-auth ignores what its callback does.
  json::object allowed, claims = resolution.session->data.claims;
  for (const std::string& key : request.services.config.session.update_claims) {
    if (const json::value* value = changes.if_contains(key)) allowed[key] = claims[key] = *value;
  }
  const bool changed = !allowed.empty();
  if (changed) SALLYPORT_CO_CHECK(co_await request.services.sessions.UpdateClaims(resolution.session, std::move(allowed)));
  SALLYPORT_CO_TRY(auto cookies, co_await KeepAliveCookies(request, resolution, changed));
  Answer answer = Answer::Json(200, SessionJson(request, *resolution.session, claims));
  answer.set_cookies = std::move(cookies);
  co_return answer;
}

}  // namespace sallyport::gateway
