// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/verified_jwt.h"

#include <gtest/gtest.h>

#include "sallyport/jose/errc.h"
#include "support/fake_clock.h"

namespace sallyport::jose {
namespace {

static_assert(!std::is_constructible_v<VerifiedJwt, JwsHeader, json::object>, "only a verifier makes one");

class VerifiedJwtTest : public ::testing::Test {
 protected:
  VerifiedJwtTest() { keys_.Add(Jwk::FromPublic(key_.Public(), "k")); }
  std::string Token(std::string_view typ, std::string_view claims = R"({"iss":"i","aud":"a","sub":"s","iat":1800000000,"exp":1800000300})") const {
    return *JwsSigner::Create(Jwk::FromPrivate(key_, "k"), JwsAlgorithm::kEs256, typ)->Sign(claims);
  }
  Result<VerifiedJwt> Verify(std::string_view token, std::string typ = "at+jwt") const {
    return JwtVerifier(keys_, {JwsAlgorithm::kEs256}, std::move(typ), JwtClaimsPolicy("i", "a"), clock_).Verify(token);
  }
  const crypto::PrivateKey key_ = crypto::PrivateKey::Generate(crypto::KeyType::kP256);
  JwkSet keys_;
  test::FakeClock clock_;
};

TEST_F(VerifiedJwtTest, HoldsTheClaims) {
  const auto jwt = Verify(Token("at+jwt"));
  ASSERT_TRUE(jwt) << jwt.error().ToLogString();
  EXPECT_EQ(jwt->subject(), "s");
  EXPECT_EQ(jwt->issuer(), "i");
  EXPECT_EQ(jwt->header().kid, "k");
}

TEST_F(VerifiedJwtTest, S40_TokenOfAnotherKindIsRefused) {
  EXPECT_TRUE(Verify(Token("AT+JWT")));
  EXPECT_TRUE(Verify(Token("application/at+jwt")));
  for (const char* typ : {"", "JWT", "logout+jwt", "at+jwt "}) EXPECT_TRUE(Verify(Token(typ)).error().Is(Errc::kWrongType)) << typ;
  EXPECT_TRUE(Verify(Token("JWT"), ""));
  EXPECT_TRUE(Verify(Token(""), ""));
  EXPECT_TRUE(Verify(Token("at+jwt"), "").error().Is(Errc::kWrongType)) << "an access token is no ID token";
}

TEST_F(VerifiedJwtTest, ClaimsAreCheckedAgainstTheClock) {
  const std::string token = Token("at+jwt");
  clock_.Advance(std::chrono::seconds(315));
  EXPECT_TRUE(Verify(token).error().Is(Errc::kExpired));
}

TEST_F(VerifiedJwtTest, S40_ClaimsThatStandTwiceOrAreNoObjectAreRefused) {
  for (const char* bad : {"", "[]", "x", R"({"iss":"i","aud":"a","iat":1800000000,"exp":1800000300,"sub":"a","sub":"b"})"})
    EXPECT_TRUE(Verify(Token("at+jwt", bad)).error().Is(Errc::kMalformed)) << bad;
}

}  // namespace
}  // namespace sallyport::jose
