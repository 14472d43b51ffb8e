// SPDX-License-Identifier: Apache-2.0
// What clients may see of a session: an allow-list, never a token.
#pragma once

#include "sallyport/base/json.h"
#include "sallyport/gateway/auth_request.h"

namespace sallyport::gateway {

// {name,email,image[,id][,claims]}; absent fields are omitted.
json::object SessionUser(const GatewayOptions& options, const session::SessionData& data, const json::object& claims);
// {"user": SessionUser, "expires": ISO}
json::object SessionJson(const AuthRequest& request, const session::Session& session, const json::object& claims);

// When the browser is to forget the session's cookie.
Timestamp CookieExpires(const session::SessionService& sessions, const session::Session& session);
// The Set-Cookie values that keep the browser's session cookie alive: a fresh JWE when it is due (jwt), else the same value
// with its Expires again. Empty when nothing is to be sent.
Task<std::vector<std::string>> KeepAliveCookies(AuthRequest& request, const session::Resolution& resolution, bool changed);

}  // namespace sallyport::gateway
