// SPDX-License-Identifier: Apache-2.0
// The authorization response (RFC 6749 §4.1.2, form_post response mode, RFC 9207), from a query or a form. Untrusted:
// anybody can send one; only `state` together with its transaction gives it meaning.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/result.h"
#include "sallyport/http/query.h"

namespace sallyport::oauth {

struct AuthorizationResponse {
  std::string state;
  std::string code;                // set, unless `error` is
  std::string error;
  std::string error_description;
  std::string iss;                 // RFC 9207; empty when absent
  std::string user;                // Apple: JSON with the name, at the first consent only; empty when absent

  bool ok() const { return error.empty(); }
};

// kMalformed: no state; neither code nor error, or both; a parameter of ours twice; anything too long or not printable.
Result<AuthorizationResponse> ReadAuthorizationResponse(const http::Parameters& parameters);

// Mix-up defence. `expected` is the issuer of the transaction's provider, possibly a template (issuer.h), or empty when the
// provider has none: then `iss` has no meaning and is ignored. kWrongIssuer, kMissingIssuer (`required` and absent).
Result<void> CheckResponseIssuer(const AuthorizationResponse& response, std::string_view expected, bool required);

}  // namespace sallyport::oauth
