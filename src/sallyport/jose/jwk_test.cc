// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/jwk.h"

#include <gtest/gtest.h>

#include "sallyport/jose/errc.h"
#include "sallyport/jose/jwk_set.h"

namespace sallyport::jose {
namespace {

constexpr const char* kEc =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI","kid":"k1","use":"sig"})";

Result<Jwk> Parse(std::string_view text) { return Jwk::Parse(*ParseJsonObject(text)); }

TEST(Jwk, PrivateHalfIsReadButNeverWritten) {
  const auto key = Parse(kEc);
  ASSERT_TRUE(key) << key.error().ToLogString();
  EXPECT_EQ(key->kid(), "k1");
  ASSERT_NE(key->private_key(), nullptr);
  const json::object shown = key->ToPublicJson();
  EXPECT_FALSE(shown.contains("d"));
  EXPECT_EQ(GetString(shown, "x"), "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
  EXPECT_EQ(Jwk::Parse(shown)->Thumbprint(), key->Thumbprint());
}

TEST(Jwk, GeneratedKeysOfEveryTypeRoundTrip) {
  for (const auto type : {crypto::KeyType::kP256, crypto::KeyType::kP384, crypto::KeyType::kP521, crypto::KeyType::kEd25519, crypto::KeyType::kRsa}) {
    const Jwk key = Jwk::FromPrivate(crypto::PrivateKey::Generate(type), "id", "");
    const auto reread = Jwk::Parse(key.ToPublicJson());
    ASSERT_TRUE(reread);
    EXPECT_EQ(reread->Thumbprint(), key.Thumbprint());
    EXPECT_EQ(reread->private_key(), nullptr);
    EXPECT_EQ(reread->public_key()->type(), type);
  }
}

TEST(Jwk, WhatIsNoKeyIsRefused) {
  for (const char* bad :
       {"{}", R"({"kty":"oct"})", R"({"kty":"oct","k":""})", R"({"kty":"oct","k":"a=="})", R"({"kty":"oct","k":7})", R"({"kty":"OCT","k":"AAAA"})",
        R"({"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"})", R"({"kty":"EC","crv":"secp256k1","x":"AAAA","y":"AAAA"})",
        R"({"kty":"OKP","crv":"Ed448","x":"AAAA"})", R"({"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
        R"({"kty":"RSA","n":"AAAA","e":"AQAB"})", R"({"kty":"oct","k":"AAAA","kid":7})", R"({"kty":"oct","k":"AAAA","use":null})",
        R"({"kty":"oct","k":"AAAA","key_ops":"sign"})", R"({"kty":"oct","k":"AAAA","key_ops":[1]})"})
    EXPECT_TRUE(Parse(bad).error().Is(Errc::kInvalidKey)) << bad;
}

TEST(Jwk, UseAndKeyOpsLimitWhatAKeyMayDo) {
  EXPECT_TRUE(Parse(R"({"kty":"oct","k":"AAAA"})")->Allows("verify"));
  EXPECT_TRUE(Parse(R"({"kty":"oct","k":"AAAA","use":"sig"})")->Allows("sign"));
  EXPECT_FALSE(Parse(R"({"kty":"oct","k":"AAAA","use":"enc"})")->Allows("verify"));
  EXPECT_FALSE(Parse(R"({"kty":"oct","k":"AAAA","key_ops":["sign"]})")->Allows("verify"));
  EXPECT_FALSE(Parse(R"({"kty":"oct","k":"AAAA","use":"enc","key_ops":["verify"]})")->Allows("verify")) << "both must allow it";
}

TEST(JwkSet, UnusableKeysAreSkipped) {
  const auto set = JwkSet::Parse(std::string(R"({"keys":[{"kty":"new"},7,)") + kEc + R"(,{"kty":"oct","k":"AAAA","kid":"s"}]})");
  ASSERT_TRUE(set);
  EXPECT_EQ(set->keys().size(), 2U);
  EXPECT_NE(set->Find("k1"), nullptr);
  EXPECT_EQ(set->Find(""), nullptr);
  EXPECT_EQ(set->Find("K1"), nullptr);
  EXPECT_EQ(set->ToPublicJson().at("keys").as_array().size(), 1U) << "an oct key is never published";
  EXPECT_EQ(json::serialize(set->ToPublicJson()).find("\"d\""), std::string::npos);
}

TEST(JwkSet, WhatIsNoSetIsRefused) {
  for (const char* bad : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[],"keys":[]})"}) EXPECT_TRUE(JwkSet::Parse(bad).error().Is(Errc::kMalformed)) << bad;
}

}  // namespace
}  // namespace sallyport::jose
