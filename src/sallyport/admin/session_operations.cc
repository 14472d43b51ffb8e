// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/operation_context.h"
#include "sallyport/session/session_service.h"
#include "sallyport/store/store.h"

namespace sallyport::admin {
namespace {

// A sid of ours: 22 characters of base64url.
bool LooksLikeSession(std::string_view id) { return !id.empty() && id.size() <= 64 && id.find('@') == std::string_view::npos; }

json::object ToJson(const store::SessionWithUser& row) {
  const auto& session = row.session;
  json::object out{{"id", session.id},
                   {"user_id", session.user_id},
                   {"method", session.method},
                   {"signed_in_at", ToIso8601(session.auth_time)},
                   {"last_seen", ToIso8601(session.last_seen)},
                   {"idle_end", ToIso8601(session.idle_end)},
                   {"absolute_end", ToIso8601(session.absolute_end)},
                   {"ip", session.ip},
                   {"user_agent", session.user_agent}};
  if (row.user && row.user->email) out["email"] = *row.user->email;
  return out;
}

}  // namespace

Coroutine<json::object> ListSessions(OperationContext& context) {
  model::UserId user_id;
  if (context.Has("user")) {
    auto user = co_await context.User();
    if (!user) co_return RefusedBy(user.error());
    user_id = user->id;
  }
  const auto limit = context.Limit(100, 10'000);
  auto sessions = co_await context.services.store.sessions().List(user_id, limit, context.services.clock.Now());
  if (!sessions) co_return RefusedBy(sessions.error());
  json::array out;
  for (const auto& session : *sessions) out.push_back(ToJson(session));
  co_return Done({{"sessions", std::move(out)}, {"complete", sessions->size() < limit}});
}

// "session": one; "user": all of a user. Neither or both is a refusal: nothing is guessed.
Coroutine<json::object> RevokeSessions(OperationContext& context) {
  const auto session = context.Text("session");
  if (session.empty() == !context.Has("user")) {
    co_return Refused("bad_arguments", "Name one session, or one user.", "sallyport session revoke ID, or --user EMAIL");
  }
  if (context.Has("user")) {
    auto user = co_await context.User();
    auto answer = user ? json::object() : RefusedBy(user.error());
    if (user) {
      auto ended = co_await context.services.sessions.EndAllOfUser(user->id, std::nullopt, model::EndReason::kRevokedByAdmin);
      answer = ended ? Done({{"sessions_ended", ended->count}}) : RefusedBy(ended.error());
    }
    context.Audit("session.revoke", answer, user ? std::string_view(user->id) : std::string_view());
    co_return answer;
  }
  if (!LooksLikeSession(session)) co_return Refused("session_not_found", "There is no such session.", "`sallyport session list` shows all of them");
  auto ended = co_await context.services.sessions.End(session, std::nullopt, model::EndReason::kRevokedByAdmin);
  auto answer = !ended             ? RefusedBy(ended.error())
                : ended->count > 0 ? Done({{"sessions_ended", 1}})
                                   : Refused("session_not_found", "There is no such session; it may have ended.", "`sallyport session list` shows all of them");
  context.Audit("session.revoke", answer, {}, session);
  co_return answer;
}

}  // namespace sallyport::admin
