// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/id_token.h"

#include "sallyport/crypto/constant_time.h"
#include "sallyport/crypto/digest.h"
#include "sallyport/jose/base64url.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/issuer.h"

namespace sallyport::oauth {
namespace {

using enum jose::JwsAlgorithm;

constexpr std::size_t kMaxSubjectBytes = 255;

// nullopt when absent, kMalformed when it is no string.
Result<std::optional<std::string_view>> Text(const json::object& claims, std::string_view name) {
  if (!claims.contains(name)) return std::nullopt;
  const auto text = GetString(claims, name);
  if (!text) return Fail(Errc::kMalformed, "claim " + std::string(name));
  return text;
}

// The left half of the digest that belongs to the token's algorithm (Core §3.1.3.6); Ed25519 hashes with SHA-512.
std::string HalfHash(jose::JwsAlgorithm algorithm, std::string_view value) {
  const auto half = [](std::string_view digest) { return jose::EncodeBase64Url(digest.substr(0, digest.size() / 2)); };
  switch (algorithm) {
    case kHs256: case kRs256: case kPs256: case kEs256: return half(crypto::AsView(crypto::Sha256(value)));
    case kHs384: case kRs384: case kPs384: case kEs384: return half(crypto::AsView(crypto::Sha384(value)));
    case kHs512: case kRs512: case kPs512: case kEs512: case kEdDsa: return half(crypto::AsView(crypto::Sha512(value)));
  }
  return {};
}

Result<void> CheckHash(const jose::VerifiedJwt& jwt, std::string_view name, std::string_view value) {
  SALLYPORT_TRY(const auto hash, Text(jwt.claims(), name));
  if (!hash || value.empty()) return {};
  if (!crypto::Equal(*hash, HalfHash(jwt.header().algorithm, value))) return Fail(Errc::kWrongHash, std::string(name));
  return {};
}

Result<void> CheckNonce(const json::object& claims, const IdTokenPolicy& policy) {
  SALLYPORT_TRY(const auto nonce, Text(claims, "nonce"));
  if (!policy.nonce) return {};
  if (!nonce && policy.nonce_may_be_missing) return {};
  if (!nonce || policy.nonce->empty() || !crypto::Equal(*nonce, *policy.nonce)) return Fail(Errc::kWrongNonce);
  return {};
}

// A token of a tenant says twice which it is (Entra ID: `iss` and `tid`), and the same.
bool IsOfItsTenant(const jose::VerifiedJwt& jwt, std::string_view issuer) {
  const auto at = issuer.find(kTenantPlaceholder);
  if (at == std::string_view::npos) return true;
  const auto tenant = GetString(jwt.claims(), "tid");
  return tenant && jwt.issuer().substr(at, tenant->size()) == *tenant && IssuerMatches(issuer, std::string(issuer).replace(at, kTenantPlaceholder.size(), *tenant));
}

// Of several audiences one is us, and azp says that the token was made for us (Core §3.1.3.7, 4 and 5).
Result<void> CheckAuthorizedParty(const json::object& claims, const IdTokenPolicy& policy) {
  SALLYPORT_TRY(const auto azp, Text(claims, "azp"));
  const json::value* aud = claims.if_contains("aud");
  const bool several = aud != nullptr && aud->is_array() && aud->get_array().size() > 1;
  if (azp ? *azp != policy.client_id : several) return Fail(Errc::kWrongAuthorizedParty);
  return {};
}

}  // namespace

std::vector<jose::JwsAlgorithm> DefaultIdTokenAlgorithms() {
  return {kRs256, kRs384, kRs512, kPs256, kPs384, kPs512, kEs256, kEs384, kEs512, kEdDsa};
}

Result<IdToken> VerifyIdToken(std::string_view compact, const jose::JwkSet& keys, const IdTokenPolicy& policy, const Clock& clock) {
  // The issuer is checked below: it may be a template.
  jose::JwtClaimsPolicy claims_policy(policy.issuer, policy.client_id);
  claims_policy.AllowAnyIssuer().RequireSubject().Tolerance(policy.tolerance);
  const jose::JwtVerifier verifier(keys, policy.algorithms, /*typ=*/"", std::move(claims_policy), clock);
  SALLYPORT_TRY(jose::VerifiedJwt jwt, verifier.Verify(compact));
  if (!jwt.claims().contains("iss")) return Fail(Errc::kMissingClaim, "iss");
  if (!IssuerMatches(policy.issuer, jwt.issuer()) || !IsOfItsTenant(jwt, policy.issuer))
    return Fail(Errc::kWrongIssuer, "iss of the ID token");
  if (jwt.subject().size() > kMaxSubjectBytes) return Fail(Errc::kMalformed, "sub is too long");
  SALLYPORT_CHECK(CheckAuthorizedParty(jwt.claims(), policy));
  SALLYPORT_CHECK(CheckNonce(jwt.claims(), policy));
  SALLYPORT_CHECK(CheckHash(jwt, "at_hash", policy.access_token));
  SALLYPORT_CHECK(CheckHash(jwt, "c_hash", policy.code));
  return IdToken(std::move(jwt));
}

}  // namespace sallyport::oauth
