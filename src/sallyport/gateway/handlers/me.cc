// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/me: who is signed in, how, and for how long.
#include <algorithm>

#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/session_view.h"
#include "sallyport/gateway/middleware/own_answer.h"

namespace sallyport::gateway {

Task<Answer> HandleMe(AuthRequest& request) {
  const bool slide = request.Query("slide") != "false";
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session(slide));
  if (!resolution.session) co_return LoginRequiredAnswer(request.services.config.gateway, false, {}, {});
  const session::Session& session = *resolution.session;
  const Timestamp now = request.services.clock.Now();
  const auto seconds_to = [now](Timestamp end) { return std::max<std::int64_t>(0, UnixSeconds(end) - UnixSeconds(now)); };
  json::object body = SessionJson(request, session, session.data.claims);
  json::object& user = body["user"].as_object();
  user["id"] = session.data.user_id;
  if (!session.data.groups.empty()) user["groups"] = json::array(session.data.groups.begin(), session.data.groups.end());
  body["session"] = json::object{{"id", session.data.id},
                                 {"method", session.data.method},
                                 {"amr", json::array(session.data.amr.begin(), session.data.amr.end())},
                                 {"authenticatedAt", ToIso8601(session.data.auth_time)},
                                 {"idleEnd", ToIso8601(session.idle_end)},
                                 {"absoluteEnd", ToIso8601(session.data.absolute_end)},
                                 {"idleSecondsLeft", seconds_to(session.idle_end)},
                                 {"absoluteSecondsLeft", seconds_to(session.data.absolute_end)}};
  co_return Answer::Json(200, body);
}

}  // namespace sallyport::gateway
