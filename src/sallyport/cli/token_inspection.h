// SPDX-License-Identifier: Apache-2.0
// What a token is, what it says, and whether it is genuine: for `sallyport token inspect`.
//
// Kinds: "access_token" and "jws" (three segments), "session_cookie" and "jwe" (five), "csrf_cookie" (token|hash),
// "opaque" (43 characters of base64url: a session token or a CSRF token), "unknown". What is not verified is shown all the
// same, and said not to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/config/config.h"
#include "sallyport/jose/jwk_set.h"

namespace sallyport::cli {

struct TokenInspection {
  std::string kind;
  std::string what;                    // one sentence
  json::object header;
  json::object claims;
  std::vector<std::string> times;      // "exp: 2026-11-21T09:00:00.000Z, 4 minutes ago"
  bool verified = false;
  std::string verdict;                 // why (not)
};

struct InspectionKeys {
  const config::Config* config = nullptr;   // null: no secret to open cookies with
  const jose::JwkSet* signing = nullptr;    // null: the store was not asked
};

// `text` may have "Bearer " or "name=" before it, and be percent-encoded.
TokenInspection InspectToken(std::string_view text, const InspectionKeys& keys, Timestamp now);

// "in 4 minutes", "2 days ago", "now".
std::string InWords(Duration from_now);

}  // namespace sallyport::cli
