// SPDX-License-Identifier: Apache-2.0
// What is in the browser's session cookie(s): an opaque token ("database") or a next-auth JWE ("jwt"), by name and chunks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/session/options.h"

namespace sallyport::session {

// Names of the product's cookies for one configuration (WIRE.md §1): "authjs."/"next-auth." (compat off: "authjs."), with
// "__Secure-"/"__Host-" when the public origin is https.
struct CookieNames {
  std::string session;       // "__Secure-authjs.session-token"
  std::string csrf;          // "__Host-authjs.csrf-token"
  std::string callback_url;  // "__Secure-authjs.callback-url"
  std::string xsrf = "XSRF-TOKEN";   // readable by scripts
  bool secure = false;

  static CookieNames For(NextAuthCompat compat, bool secure);
  // True for any cookie of ours, chunks and the case variants of their prefixes included: these never reach an API (S23).
  bool IsOurs(std::string_view name) const;
  // True for the session cookie or one of its chunks.
  bool IsSession(std::string_view name) const;
};

// The Set-Cookie values (without the field name) that store `value`, and delete the chunks in `present_names` that are not
// used any more. Empty when `value` needs more than 16 chunks (SessionService never makes such a value).
std::vector<std::string> SetSessionCookies(const CookieNames& names, NextAuthCompat compat, std::string_view value, Timestamp expires,
                                           const std::vector<std::string>& present_names);
// What follows the value of a session cookie that ends at `expires`: "; Path=/; Expires=…; HttpOnly…".
std::string SessionCookieAttributes(const CookieNames& names, Timestamp expires);
// Deletes the session cookie and every chunk that the request carried.
std::vector<std::string> ClearSessionCookies(const CookieNames& names, const std::vector<std::string>& present_names);

}  // namespace sallyport::session
