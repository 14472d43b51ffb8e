// SPDX-License-Identifier: Apache-2.0
// The token endpoint's answer (RFC 6749 §5.1): JSON, or urlencoded where a provider answers so.
//
// Strict in types and bounds; lenient only where known providers are odd: expires_in as a number or a string of digits,
// scope as a string or an array of strings (Twitch), token_type missing unless `require_token_type`, or "jwt-bearer" (Azure DevOps).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sallyport/base/json.h"
#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"

namespace sallyport::oauth {

struct TokenResponse {
  Secret access_token;
  Secret refresh_token;                       // empty when absent
  std::string id_token;                       // compact, not verified; empty when absent
  std::string token_type;                     // as given; empty when absent
  std::string scope;                          // space-separated; empty when absent
  std::optional<std::int64_t> expires_in;     // seconds, ≥ 0
  json::object members;                       // everything that came, for profile mappings; holds the tokens too
};

// kMalformed (no access token, a type other than bearer, wrong JSON types); for other answers the errors of token_error.h,
// also when they come with status 200.
Result<TokenResponse> ReadTokenResponse(long status, std::string_view content_type, std::string_view body, bool require_token_type);

}  // namespace sallyport::oauth
