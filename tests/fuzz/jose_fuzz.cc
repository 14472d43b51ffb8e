// SPDX-License-Identifier: Apache-2.0
// JSON, base64, JWK sets, JWS and JWE. The first byte chooses the parser. What is accepted must be the one spelling of its
// value; nothing that a fuzzer can make up is accepted as signed or sealed.
#include <cstdint>

#include "fuzz_support.h"
#include "sallyport/base/json.h"
#include "sallyport/jose/base64.h"
#include "sallyport/jose/base64url.h"
#include "sallyport/jose/jwe.h"
#include "sallyport/jose/jwk_set.h"
#include "sallyport/jose/jws.h"
#include "sallyport/jose/jwt_claims.h"

namespace jose = sallyport::jose;

namespace {

void Json(std::string_view text) {
  const auto value = sallyport::ParseJson(text);
  if (!value) return;
  const auto again = sallyport::ParseJson(sallyport::json::serialize(*value), {.max_bytes = 8 << 20});
  FUZZ_EXPECT(again.has_value());
  if (value->is_object()) {
    const auto outcome = jose::JwtClaimsPolicy("i", "a").Check(value->get_object(), sallyport::FromUnixSeconds(1'800'000'000));
    static_cast<void>(outcome);
  }
}

void Base64(std::string_view text) {
  if (const auto bytes = jose::DecodeBase64Url(text)) FUZZ_EXPECT(jose::EncodeBase64Url(*bytes) == text);
  if (const auto bytes = jose::DecodeBase64(text)) FUZZ_EXPECT(jose::EncodeBase64(*bytes) == text);
}

void KeySet(std::string_view text) {
  const auto set = jose::JwkSet::Parse(text);
  if (!set) return;
  for (const jose::Jwk& key : set->keys()) FUZZ_EXPECT(!key.Thumbprint().empty());
  FUZZ_EXPECT(jose::JwkSet::FromJson(set->ToPublicJson()).has_value());
}

void Jws(std::string_view text) {
  using enum jose::JwsAlgorithm;
  static const auto* const keys = [] {
    auto* const set = new jose::JwkSet;
    set->Add(jose::Jwk::FromPrivate(sallyport::crypto::PrivateKey::Generate(sallyport::crypto::KeyType::kP256), "ec"));
    set->Add(jose::Jwk::FromSymmetric(sallyport::Secret(std::string(64, '\x5a')), "mac"));
    return set;
  }();
  static_cast<void>(jose::ParseUnverifiedJws(text));
  FUZZ_EXPECT(!jose::JwsVerifier(*keys, {kHs256, kHs384, kHs512, kEs256, kRs256, kPs256, kEdDsa}).Verify(text));
}

void Jwe(std::string_view text) {
  static const auto* const opener = [] {
    std::vector<jose::JweKey> keys;
    for (const auto encryption : {jose::JweEncryption::kA256Gcm, jose::JweEncryption::kA256CbcHs512})
      keys.push_back(*jose::JweKey::Create(encryption, std::string(jose::KeyBytes(encryption), '\x5a'), "id"));
    return new jose::JweOpener(std::move(keys));
  }();
  static_cast<void>(jose::ParseJweHeader(text));
  FUZZ_EXPECT(!opener->Open(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'j': Json(text); break;
    case 'b': Base64(text); break;
    case 'k': KeySet(text); break;
    case 's': Jws(text); break;
    case 'e': Jwe(text); break;
    default: break;
  }
  return 0;
}
