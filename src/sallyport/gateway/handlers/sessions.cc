// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/sessions, DELETE /api/auth/sessions[/:id], and the script-less POST /api/auth/sessions/end.
#include "sallyport/gateway/audit.h"
#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/provider_farewell.h"
#include "sallyport/gateway/middleware/own_answer.h"

namespace sallyport::gateway {
namespace {

Answer SignInFirst(const AuthRequest& request) { return LoginRequiredAnswer(request.services.config.gateway, false, {}, {}); }

gateway::CsrfVerdict ForAnswer(AuthRequest::CsrfVerdict verdict) {
  return verdict == AuthRequest::CsrfVerdict::kBadOrigin ? gateway::CsrfVerdict::kBadOrigin : gateway::CsrfVerdict::kBadToken;
}

// The person's own session only: the owner is part of the store's condition, so another's id is simply not found.
Task<bool> EndOne(AuthRequest& request, const session::Session& current, model::SessionId id) {
  const model::UserId owner = current.data.user_id;
  SALLYPORT_CO_TRY(auto ended, co_await request.services.sessions.End(id, owner, model::EndReason::kRevokedByUser));
  if (ended.count > 0) Audit(request, "session.revoke", "success", "", {owner, id});
  co_await RevokeProviderTokens(request.services, std::move(ended.tokens));
  co_return ended.count > 0;
}

Task<std::size_t> EndOthers(AuthRequest& request, const session::Session& current) {
  const model::UserId owner = current.data.user_id;
  SALLYPORT_CO_TRY(auto ended, co_await request.services.sessions.EndAllOfUser(owner, current.data.id, model::EndReason::kRevokedByUser));
  Audit(request, "session.revoke_others", "success", "", {owner, current.data.id});
  co_await RevokeProviderTokens(request.services, std::move(ended.tokens));
  co_return ended.count;
}

}  // namespace

Task<Answer> HandleListSessions(AuthRequest& request) {
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  if (!resolution.session) co_return SignInFirst(request);
  SALLYPORT_CO_TRY(const auto records, co_await request.services.sessions.ListForUser(resolution.session->data.user_id));
  json::array list;
  for (const model::SessionRecord& record : records) {
    list.push_back(json::object{{"id", record.id},
                                {"current", record.id == resolution.session->data.id},
                                {"method", record.method},
                                {"ip", record.ip},
                                {"userAgent", record.user_agent},
                                {"signedInAt", ToIso8601(record.auth_time)},
                                {"lastSeen", ToIso8601(record.last_seen)},
                                {"expires", ToIso8601(record.idle_end)}});
  }
  co_return Answer::Json(200, json::object{{"sessions", std::move(list)}});
}

Task<Answer> HandleDeleteSession(AuthRequest& request) {
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  if (!resolution.session) co_return SignInFirst(request);
  if (const auto verdict = request.CheckSessionCsrf(resolution.session); verdict != AuthRequest::CsrfVerdict::kPassed)
    co_return CsrfRefusal(ForAnswer(verdict), resolution.session->data.csrf_token);
  const model::SessionId id(request.parameters.front());
  if (id == resolution.session->data.id) {
    Answer answer = Answer::Empty(204);
    SALLYPORT_CO_CHECK(co_await EndSessionInto(request, resolution, answer));
    co_return answer;
  }
  SALLYPORT_CO_TRY(const bool ended, co_await EndOne(request, *resolution.session, id));
  co_return ended ? Answer::Empty(204) : Answer::Problem(404, "not_found", "There is no such session");
}

Task<Answer> HandleDeleteSessions(AuthRequest& request) {
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  if (!resolution.session) co_return SignInFirst(request);
  if (const auto verdict = request.CheckSessionCsrf(resolution.session); verdict != AuthRequest::CsrfVerdict::kPassed)
    co_return CsrfRefusal(ForAnswer(verdict), resolution.session->data.csrf_token);
  if (request.Query("except") != "current")
    co_return Answer::Problem(400, "bad_request", "Say which sessions", "Use ?except=current, or DELETE /api/auth/sessions/<id>.");
  SALLYPORT_CO_TRY(const std::size_t count, co_await EndOthers(request, *resolution.session));
  co_return Answer::Json(200, json::object{{"ended", count}});
}

Task<Answer> HandleEndSessionsForm(AuthRequest& request) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  if (!resolution.session) co_return LoginRequiredAnswer(request.services.config.gateway, true, "/api/auth/account", {});
  if (const auto verdict = request.CheckCsrf(resolution.session); verdict != AuthRequest::CsrfVerdict::kPassed)
    co_return CsrfRefusal(ForAnswer(verdict), resolution.session->data.csrf_token);
  if (body->Get("all") == "others") {
    SALLYPORT_CO_CHECK(co_await EndOthers(request, *resolution.session));
  } else if (const std::string id(body->Get("id")); !id.empty()) {
    SALLYPORT_CO_CHECK(co_await EndOne(request, *resolution.session, id));
  }
  co_return Answer::Redirect(303, request.Absolute("/api/auth/account?notice=devices"));
}

}  // namespace sallyport::gateway
