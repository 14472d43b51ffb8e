// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/handlers/session_view.h"

#include <algorithm>

namespace sallyport::gateway {

json::object SessionUser(const GatewayOptions& options, const session::SessionData& data, const json::object& claims) {
  json::object user;
  if (data.name) user["name"] = *data.name;
  if (data.email) user["email"] = *data.email;
  if (data.image) user["image"] = *data.image;
  for (const std::string& claim : options.session_claims) {
    if (claim == "id") user["id"] = data.user_id;
    else if (claim == "groups") user["groups"] = json::array(data.groups.begin(), data.groups.end());
    else if (const json::value* value = claims.if_contains(claim)) user[claim] = *value;
  }
  return user;
}

json::object SessionJson(const AuthRequest& request, const session::Session& session, const json::object& claims) {
  return {{"user", SessionUser(request.services.config.gateway, session.data, claims)}, {"expires", ToIso8601(session.idle_end)}};
}

Timestamp CookieExpires(const session::SessionService& sessions, const session::Session& session) {
  return sessions.options().strategy == session::Strategy::kJwt ? session.idle_end : session.data.absolute_end;
}

Task<std::vector<std::string>> KeepAliveCookies(AuthRequest& request, const session::Resolution& resolution, bool changed) {
  session::SessionService& sessions = request.services.sessions;
  const session::CookieNames& names = sessions.cookie_names();
  const auto present = sessions.PresentCookieNames(request.head().fields);
  const bool stateless = sessions.options().strategy == session::Strategy::kJwt;
  if (stateless && (changed || resolution.renew_cookie)) {
    SALLYPORT_CO_TRY(const session::BegunSession renewed, co_await sessions.Renew(resolution.session));
    co_return session::SetSessionCookies(names, sessions.options().compat, renewed.cookie_value, renewed.cookie_expires, present);
  }
  // Chunks are left as they are: they were written with the same Expires.
  if (present.size() != 1 || present.front() != names.session) co_return std::vector<std::string>{};
  const auto value = request.Cookie(names.session);
  if (!value) co_return std::vector<std::string>{};
  const Timestamp expires = CookieExpires(sessions, *resolution.session);
  co_return session::SetSessionCookies(names, sessions.options().compat, *value, expires, present);
}

}  // namespace sallyport::gateway
