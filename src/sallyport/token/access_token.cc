// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/access_token.h"

#include "sallyport/jose/errc.h"

namespace sallyport::token {

Result<AccessTokenMinter> AccessTokenMinter::Create(jose::Jwk key, jose::JwsAlgorithm algorithm) {
  if (key.kid().empty()) return Fail(jose::Errc::kInvalidKey, "an access-token key needs a kid");
  if (key.symmetric()) return Fail(jose::Errc::kKeyUnsuitable, "access tokens are verified with public keys");
  SALLYPORT_TRY(jose::JwsSigner signer, jose::JwsSigner::Create(std::move(key), algorithm, kAccessTokenType));
  return AccessTokenMinter(std::move(signer));
}

Result<std::string> AccessTokenMinter::Mint(const AccessTokenClaims& claims) const {
  json::object payload;
  payload.reserve(12 + claims.extra.size());
  payload.emplace("iss", claims.issuer);
  payload.emplace("aud", claims.audience);
  payload.emplace("sub", claims.subject);
  payload.emplace("client_id", claims.client_id);
  payload.emplace("sid", claims.session);
  payload.emplace("jti", claims.id);
  payload.emplace("iat", UnixSeconds(claims.issued_at));
  payload.emplace("exp", UnixSeconds(claims.expires_at));
  payload.emplace("auth_time", UnixSeconds(claims.authenticated_at));
  // Always taken from here, even when empty: `extra` must not be able to say how the person signed in.
  if (!claims.methods.empty()) payload.emplace("amr", json::array(claims.methods.begin(), claims.methods.end()));
  for (const auto& [name, value] : claims.extra)
    if (name != "amr" && name != "nbf") payload.emplace(name, value);  // emplace keeps what is there
  return signer_.Sign(json::serialize(payload));
}

}  // namespace sallyport::token
