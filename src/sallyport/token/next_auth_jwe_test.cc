// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/next_auth_jwe.h"

#include <gtest/gtest.h>

#include "sallyport/base/hex.h"
#include "sallyport/jose/jwk.h"
#include "sallyport/token/errc.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"

namespace sallyport::token {
namespace {

using enum NextAuthVersion;
constexpr const char* kSecret = "test-secret-0123456789abcdef";
constexpr const char* kCookie = "authjs.session-token";

// Made by @auth/core with kSecret; valid for about a hundred years.
constexpr const char* kFromAuthJs =
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwia2lkIjoidS1FTGpBRDNXNl9rcHlTaWdwdU8zU2NkeDg4Q25pc1Nxc0N6bHRjYUFJazZiQlRNMGtKYjdkMWduSWlUOHpD"
    "ZzhaNUZRUnp2RDRzM2lNVFFqa0NULWcifQ..XConuLLyEzSGnOifCMmN3A.pC8jBjz9Fu4h7UGr34kKlEb1fJaWMVSXa4thZFfxiMGNCgA9rLb47-agbA-SfUMSnobMXCY16KEDmK0b80"
    "zW_LCX63_XK6GHNkKZ6KFJntzJ2a3DRhvqDy2VMD7_GAmU-GrZBxOYDaXRdD0TORtr39V6-w2U89e8Q0S3X8Uizgc.-9tnOYQML5eABVxJCkrzb2S88bAS2v5_JkYS2HHqCOQ";

class NextAuthJwe : public ::testing::Test {
 protected:
  NextAuthCodec Codec(NextAuthVersion version, std::initializer_list<const char*> secrets = {kSecret}, const char* cookie = kCookie) {
    std::vector<Secret> list;
    for (const char* secret : secrets) list.emplace_back(secret);
    return *NextAuthCodec::Create(version, list, cookie, clock_, random_);
  }
  json::object Claims(std::int64_t lifetime = 60) const {
    json::object claims;
    claims["sub"] = "7";
    claims["exp"] = UnixSeconds(clock_.Now()) + lifetime;
    return claims;
  }
  test::FakeClock clock_;
  test::FakeRandom random_;
};

TEST_F(NextAuthJwe, KeysAreThoseOfTheRealPackages) {
  EXPECT_EQ(EncodeHex(DeriveNextAuthKey(kV4, Secret(kSecret), "", 32).Reveal()), "587c357eee692297d5d6aa202bb507344ba7613db705f7918887f8d22657643e");
  EXPECT_EQ(EncodeHex(DeriveNextAuthKey(kV4, Secret(kSecret), "next-auth.state", 32).Reveal()), "dd3fa0e0497e309478b608a5ec66fbf4ec84d9637612305a19d7ce343296e824");
  const Secret v5 = DeriveNextAuthKey(kV5, Secret(kSecret), kCookie, 64);
  EXPECT_EQ(EncodeHex(v5.Reveal()), "3767327794a43e19564f8461d1a15599fb8145a44624099104056cd2008bdabaeae2cec1e6e9a2562ecfbb858700bb4cd82ed28393a5014de75a25aacd4d5443");
  EXPECT_EQ(jose::Jwk::FromSymmetric(v5.Clone()).Thumbprint(jose::ThumbprintHash::kSha512), "u-ELjAD3W6_kpySigpuO3Scdx88CnisSqsCzltcaAIk6bBTM0kJb7d1gnIiT8zCg8Z5FQRzvD4s3iMTQjkCT-g");
}

TEST_F(NextAuthJwe, TokenOfTheRealPackageOpens) {
  const auto claims = Codec(kV5).Open(kFromAuthJs);
  ASSERT_TRUE(claims) << claims.error().ToLogString();
  EXPECT_EQ(GetString(*claims, "email"), "n@e.x");
  EXPECT_EQ(GetString(*claims, "sub"), "7");
  EXPECT_FALSE(Codec(kV5, {kSecret}, "__Secure-authjs.session-token").Open(kFromAuthJs)) << "the cookie's name is the salt";
  EXPECT_TRUE(Codec(kV5, {"another-secret-0123456789abcdef"}).Open(kFromAuthJs).error().Is(Errc::kForged));
  EXPECT_TRUE(Codec(kV5, {"another-secret-0123456789abcdef", kSecret}).Open(kFromAuthJs)) << "every secret opens";
}

TEST_F(NextAuthJwe, SealedClaimsOpenWithIatAndJtiAdded) {
  for (const NextAuthVersion version : {kV4, kV5}) {
    const std::string token = Codec(version).Seal(Claims());
    const auto claims = Codec(version).Open(token);
    ASSERT_TRUE(claims);
    EXPECT_EQ(GetString(*claims, "sub"), "7");
    EXPECT_EQ(GetInteger(*claims, "iat"), UnixSeconds(clock_.Now()));
    EXPECT_EQ(GetString(*claims, "jti")->size(), 36U);
  }
}

TEST_F(NextAuthJwe, SecretsRotateTheFirstSealsAllOpen) {
  for (const NextAuthVersion version : {kV4, kV5}) {
    const std::string old = Codec(version, {"old"}).Seal(Claims());
    const NextAuthCodec both = Codec(version, {"new", "old"});
    EXPECT_TRUE(both.Open(old));
    EXPECT_TRUE(Codec(version, {"new"}).Open(both.Seal(Claims())));
    EXPECT_TRUE(Codec(version, {"new"}).Open(old).error().Is(Errc::kForged));
  }
}

TEST_F(NextAuthJwe, VersionFiveOpensGcmTokensToo) {
  const Secret key = DeriveNextAuthKey(kV5, Secret(kSecret), kCookie, 32);
  const std::string token = jose::JweKey::Create(jose::JweEncryption::kA256Gcm, key.Reveal())->Seal(json::serialize(Claims()), random_);
  EXPECT_TRUE(Codec(kV5).Open(token));
}

TEST_F(NextAuthJwe, S40_TokenOfOneVersionDoesNotOpenAsTheOther) {
  EXPECT_FALSE(Codec(kV5).Open(Codec(kV4).Seal(Claims())));
  EXPECT_FALSE(Codec(kV4).Open(Codec(kV5).Seal(Claims())));
}

TEST_F(NextAuthJwe, ExpiredAtExactlyTheToleranceIsRejected) {
  const NextAuthCodec codec = Codec(kV5);
  const std::string token = codec.Seal(Claims(60));
  clock_.Advance(std::chrono::milliseconds(74'999));
  EXPECT_TRUE(codec.Open(token));
  clock_.Advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(codec.Open(token).error().Is(Errc::kExpired));
}

TEST_F(NextAuthJwe, S40_TokenWithoutUsableExpIsRefused) {
  const jose::JweKey key = *jose::JweKey::Create(jose::JweEncryption::kA256Gcm, DeriveNextAuthKey(kV4, Secret(kSecret), "", 32).Reveal());
  for (const char* bad : {"{}", R"({"exp":"9999999999"})", R"({"exp":null})", R"({"exp":-1})", R"({"exp":1e99})", "[]", "x", R"({"exp":9999999999,"exp":1})",
                          R"({"exp":9999999999,"nbf":9999999998})"})
    EXPECT_TRUE(Codec(kV4).Open(key.Seal(bad, random_)).error().Is(Errc::kMalformed)) << bad;
  json::object forgotten;
  EXPECT_EQ(GetInteger(*Codec(kV4).Open(Codec(kV4).Seal(forgotten)), "exp"), UnixSeconds(clock_.Now()));
}

TEST_F(NextAuthJwe, GarbageIsMalformed) {
  for (const std::string& bad : {std::string(), std::string("a.b"), std::string("...."), std::string(100, 'A')})
    EXPECT_TRUE(Codec(kV5).Open(bad).error().Is(Errc::kMalformed)) << bad;
  EXPECT_TRUE(Codec(kV5).Open(std::string(70'000, 'A')).error().Is(Errc::kTooLarge));
}

TEST_F(NextAuthJwe, SecretsAreRequired) {
  EXPECT_FALSE(NextAuthCodec::Create(kV4, {}, kCookie, clock_, random_));
  std::vector<Secret> empty(1);
  EXPECT_FALSE(NextAuthCodec::Create(kV4, empty, kCookie, clock_, random_));
}

}  // namespace
}  // namespace sallyport::token
