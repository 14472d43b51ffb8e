// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/userinfo.h"

#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/issuer.h"
#include "sallyport/oauth/token_error.h"

namespace sallyport::oauth {
namespace {

json::object WithoutReferences(json::object claims) {
  claims.erase("_claim_names");
  claims.erase("_claim_sources");
  return claims;
}

}  // namespace

Result<json::object> ReadUserInfo(long status, std::string_view content_type, std::string_view body) {
  if (status < 200 || status > 299) return std::unexpected(ErrorFromAnswer(status, content_type, body));
  auto object = ParseJsonObject(body, {.max_bytes = 512 * 1024});
  if (!object) return Fail(Errc::kMalformed, "userinfo: " + object.error().detail);
  return WithoutReferences(*std::move(object));
}

Result<json::object> ReadSignedUserInfo(std::string_view compact, const jose::JwkSet& keys, const IdTokenPolicy& policy, const Clock& clock) {
  jose::JwtClaimsPolicy claims_policy(policy.issuer, policy.client_id);
  claims_policy.AllowAnyIssuer().AllowMissingExpiration().AllowMissingIssuedAt().RequireSubject();
  const jose::JwtVerifier verifier(keys, policy.algorithms, /*typ=*/"", std::move(claims_policy), clock);
  SALLYPORT_TRY(const jose::VerifiedJwt jwt, verifier.Verify(compact));
  if (!IssuerMatches(policy.issuer, jwt.issuer())) return Fail(Errc::kWrongIssuer, "iss of the userinfo answer");
  return WithoutReferences(jwt.claims());
}

Result<void> CheckUserInfoSubject(const json::object& claims, std::string_view subject) {
  const auto found = GetString(claims, "sub");
  if (!found || found->empty()) return Fail(Errc::kMissingClaim, "sub of userinfo");
  if (subject.empty() || *found != subject) return Fail(Errc::kWrongSubject, "sub of userinfo");
  return {};
}

}  // namespace sallyport::oauth
