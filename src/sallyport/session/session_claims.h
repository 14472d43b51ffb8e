// SPDX-License-Identifier: Apache-2.0
// What a stateless session's JWE says: next-auth's own claims (name, email, picture, sub), ours (sid, auth_time, sae: the
// absolute end, amr, method, groups, email_verified, ver: the row's version), and the custom claims beside them. Never a
// token. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "sallyport/base/json.h"
#include "sallyport/session/session.h"

namespace sallyport::session {

// A name that a custom claim cannot have.
bool IsReservedClaim(std::string_view name);

// The member as a time in seconds between 1970 and 9999; nullopt otherwise.
std::optional<Timestamp> GetTime(const json::object& claims, std::string_view name);

// With iat = `now` and exp = `idle_end`. Custom claims with reserved names are left out.
json::object ToCookieClaims(const SessionData& data, Timestamp now, Timestamp idle_end);

struct CookieSession {
  SessionData data;         // without sealed_tokens and csrf_token
  Timestamp issued_at{};
  Timestamp idle_end{};     // exp, at most the absolute end
};
// nullopt when a claim of ours is missing or of the wrong form. Does not look at the time.
std::optional<CookieSession> FromCookieClaims(const json::object& claims);

}  // namespace sallyport::session
