// SPDX-License-Identifier: Apache-2.0
// Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6) under S36: signature, typ, iss, aud, iat, exp, jti, the
// logout event, no nonce, sid or sub or both.
//
// Does not remember `jti`: replay is the caller's business, until `expires`. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/clock.h"
#include "sallyport/base/result.h"
#include "sallyport/jose/jwk_set.h"
#include "sallyport/oauth/id_token.h"

namespace sallyport::oauth {

struct LogoutToken {
  std::string issuer;
  std::string subject;      // one of the two may be empty
  std::string session_id;   // the provider's `sid`
  std::string jti;
  Timestamp expires{};
};

// `policy`: issuer, client_id and algorithms count. typ is logout+jwt, or absent or "JWT" (providers from before it was
// recommended: the event claim keeps ID tokens out). Errors: jose's, and kMissingClaim, kWrongEvent, kUnexpectedNonce,
// kWrongIssuer, kMalformed.
Result<LogoutToken> VerifyLogoutToken(std::string_view compact, const jose::JwkSet& keys, const IdTokenPolicy& policy, const Clock& clock);

}  // namespace sallyport::oauth
