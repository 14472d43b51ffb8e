// SPDX-License-Identifier: Apache-2.0
// The userinfo answer (OpenID Connect Core §5.3): a JSON object, or a signed JWT. Profiles of plain OAuth 2.0 providers come
// the same way, without a subject to compare.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/base/result.h"
#include "sallyport/jose/jwk_set.h"
#include "sallyport/oauth/id_token.h"

namespace sallyport::oauth {

// JSON of any provider. kMalformed, and the errors of token_error.h for other statuses. Claims by reference
// (_claim_sources) are left out and never fetched.
Result<json::object> ReadUserInfo(long status, std::string_view content_type, std::string_view body);

// application/jwt: signature, issuer, audience and (when there) exp are checked; iat and exp may be missing (§5.3.2).
Result<json::object> ReadSignedUserInfo(std::string_view compact, const jose::JwkSet& keys, const IdTokenPolicy& policy, const Clock& clock);

// Token substitution defence (§5.3.4): `sub` must be that of the ID token. kWrongSubject, kMissingClaim.
Result<void> CheckUserInfoSubject(const json::object& claims, std::string_view subject);

}  // namespace sallyport::oauth
