// SPDX-License-Identifier: Apache-2.0
// Examples that the RFCs print: 7515 appendix A, 7517 A, 7520, 7638 §3.1, 8037 A.
#include <gtest/gtest.h>

#include "sallyport/jose/base64url.h"
#include "sallyport/jose/errc.h"
#include "sallyport/jose/jwe.h"
#include "sallyport/jose/jws.h"

namespace sallyport::jose {
namespace {

const std::string kClaims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
constexpr const char* kJoe = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
constexpr const char* kHmacJwk = R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})";
constexpr const char* kEcJwk =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})";
constexpr const char* kEdJwk =
    R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

Jwk Key(std::string_view text) { return *Jwk::Parse(*ParseJsonObject(text)); }
Result<VerifiedJws> Verify(std::string_view jwk, JwsAlgorithm algorithm, std::string_view token) {
  JwkSet keys;
  keys.Add(Key(jwk));
  return JwsVerifier(keys, {algorithm}).Verify(token);
}

TEST(Rfc7515, A1_HmacVerifiesAndIsReproduced) {
  const std::string token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + kClaims + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const auto jws = Verify(kHmacJwk, JwsAlgorithm::kHs256, token);
  ASSERT_TRUE(jws) << jws.error().ToLogString();
  EXPECT_EQ(jws->payload, kJoe);
  EXPECT_EQ(jws->header.typ, "JWT");
}

TEST(Rfc7515, A3_EcdsaVerifies) {
  const std::string token =
      "eyJhbGciOiJFUzI1NiJ9." + kClaims + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
  const auto jws = Verify(kEcJwk, JwsAlgorithm::kEs256, token);
  ASSERT_TRUE(jws) << jws.error().ToLogString();
  EXPECT_EQ(jws->payload, kJoe);
  const auto own = JwsSigner::Create(Key(kEcJwk), JwsAlgorithm::kEs256)->Sign(kJoe);
  EXPECT_TRUE(Verify(kEcJwk, JwsAlgorithm::kEs256, *own)) << "signatures differ each time, and verify";
}

TEST(Rfc7515, S40_A5_UnsecuredIsRefused) {
  EXPECT_FALSE(Verify(kHmacJwk, JwsAlgorithm::kHs256, "eyJhbGciOiJub25lIn0." + kClaims + "."));
}

TEST(Rfc8037, A4_Ed25519IsReproduced) {
  const auto token = JwsSigner::Create(Key(kEdJwk), JwsAlgorithm::kEdDsa)->Sign("Example of Ed25519 signing");
  EXPECT_EQ(*token,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  EXPECT_TRUE(Verify(kEdJwk, JwsAlgorithm::kEdDsa, *token));
}

TEST(Rfc8037, A3_ThumbprintAgrees) { EXPECT_EQ(Key(kEdJwk).Thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"); }

TEST(Rfc7638, RsaThumbprintAgrees) {
  const Jwk key = Key(
      R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"})");
  EXPECT_EQ(key.Thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST(Rfc7517, A1_PublicKeySetIsRead) {
  const auto set = JwkSet::Parse(
      R"({"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"}]})");
  ASSERT_TRUE(set);
  ASSERT_NE(set->Find("1"), nullptr);
  EXPECT_FALSE(set->Find("1")->Allows("verify"));
}

TEST(Rfc7520, S4_4_HmacVerifies) {
  const auto jws = Verify(R"({"kty":"oct","kid":"018c0ae5-4d9b-471b-bfd6-eef314bc7037","use":"sig","alg":"HS256","k":"hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"})",
                          JwsAlgorithm::kHs256,
                          "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9."
                          "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVl"
                          "dCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0");
  ASSERT_TRUE(jws) << jws.error().ToLogString();
  EXPECT_TRUE(jws->payload.ends_with("swept off to."));
}

}  // namespace
}  // namespace sallyport::jose
