// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/next_auth_jwe.h"

#include "sallyport/crypto/hkdf.h"
#include "sallyport/jose/errc.h"
#include "sallyport/jose/jwk.h"
#include "sallyport/token/errc.h"

namespace sallyport::token {
namespace {

constexpr std::chrono::seconds kTolerance{15};
constexpr std::size_t kMaxClaimsDepth = 32;  // an app may put its own structures into the token

std::string InfoFor(NextAuthVersion version, std::string_view salt) {
  std::string info = version == NextAuthVersion::kV4 ? "NextAuth.js Generated Encryption Key" : "Auth.js Generated Encryption Key";
  // v5 always names the salt, v4 only where there is one.
  if (version == NextAuthVersion::kV5 || !salt.empty()) info.append(" (").append(salt).append(")");
  return info;
}

Result<jose::JweKey> MakeKey(NextAuthVersion version, const Secret& secret, std::string_view cookie_name,
                             jose::JweEncryption encryption) {
  const bool v4 = version == NextAuthVersion::kV4;
  const Secret key = DeriveNextAuthKey(version, secret, v4 ? std::string_view() : cookie_name, jose::KeyBytes(encryption));
  std::string kid = v4 ? "" : jose::Jwk::FromSymmetric(key.Clone()).Thumbprint(jose::ThumbprintHash::kSha512);
  return jose::JweKey::Create(encryption, key.Reveal(), std::move(kid));
}

jose::JweEncryption SealingEncryption(NextAuthVersion version) {
  return version == NextAuthVersion::kV4 ? jose::JweEncryption::kA256Gcm : jose::JweEncryption::kA256CbcHs512;
}

Error Translate(const Error& error) {
  if (error.Is(jose::Errc::kDecryptionFailed)) return Errc::kForged;
  return {error.Is(jose::Errc::kTooLarge) ? Errc::kTooLarge : Errc::kMalformed, error.ToLogString()};
}

}  // namespace

Secret DeriveNextAuthKey(NextAuthVersion version, const Secret& secret, std::string_view salt, std::size_t length) {
  return crypto::HkdfSha256(secret.Reveal(), salt, InfoFor(version, salt), length);
}

Result<NextAuthCodec> NextAuthCodec::Create(NextAuthVersion version, std::span<const Secret> secrets, std::string_view cookie_name,
                                            const Clock& clock, Random& random) {
  if (secrets.empty() || cookie_name.empty()) return Fail(Errc::kInvalidKey, "no secret or no cookie name");
  std::vector<jose::JweKey> keys;
  for (const Secret& secret : secrets) {
    if (secret.empty()) return Fail(Errc::kInvalidKey, "an empty secret");
    SALLYPORT_TRY(auto key, MakeKey(version, secret, cookie_name, SealingEncryption(version)));
    keys.push_back(std::move(key));
    if (version == NextAuthVersion::kV4) continue;
    SALLYPORT_TRY(auto gcm, MakeKey(version, secret, cookie_name, jose::JweEncryption::kA256Gcm));
    keys.push_back(std::move(gcm));
  }
  SALLYPORT_TRY(auto sealer, MakeKey(version, secrets.front(), cookie_name, SealingEncryption(version)));
  return NextAuthCodec(std::move(sealer), jose::JweOpener(std::move(keys)), clock, random);
}

std::string NextAuthCodec::Seal(json::object claims) const {
  const std::int64_t now = UnixSeconds(clock_->Now());
  claims.emplace("iat", now);
  claims.emplace("exp", now);  // only when the caller forgot it: a token that ends at once, rather than never
  if (!claims.contains("jti")) claims.emplace("jti", random_->UuidV4());
  return sealer_.Seal(json::serialize(claims), *random_);
}

Result<json::object> NextAuthCodec::Open(std::string_view token) const {
  auto text = opener_.Open(token);
  if (!text) return std::unexpected(Translate(text.error()));
  auto claims = ParseJsonObject(*text, {.max_bytes = jose::kMaxJweBytes, .max_depth = kMaxClaimsDepth});
  if (!claims) return Fail(Errc::kMalformed, "claims: " + claims.error().detail);
  constexpr std::int64_t kMaxSeconds = 253'402'300'799;  // the year 9999
  const auto expires = GetInteger(*claims, "exp");
  if (!expires || *expires < 0 || *expires > kMaxSeconds) return Fail(Errc::kMalformed, "claim exp");
  const Timestamp now = clock_->Now();
  if (now >= FromUnixSeconds(*expires) + kTolerance) return Fail(Errc::kExpired);
  if (claims->contains("nbf")) {
    const auto not_before = GetInteger(*claims, "nbf");
    if (!not_before || *not_before < 0 || *not_before > kMaxSeconds || now + kTolerance < FromUnixSeconds(*not_before))
      return Fail(Errc::kMalformed, "claim nbf");
  }
  return claims;
}

}  // namespace sallyport::token
