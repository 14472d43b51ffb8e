// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/access_token.h"

#include <gtest/gtest.h>

#include "sallyport/jose/errc.h"
#include "sallyport/jose/verified_jwt.h"
#include "support/fake_clock.h"

namespace sallyport::token {
namespace {

class AccessToken : public ::testing::Test {
 protected:
  AccessToken() {
    keys_.Add(jose::Jwk::FromPublic(key_.Public(), "key-1", "ES256"));
    claims_.issuer = "https://app.example.com";
    claims_.audience = "api";
    claims_.subject = "user";
    claims_.client_id = "sallyport";
    claims_.session = "sid";
    claims_.id = "jti";
    claims_.issued_at = clock_.Now();
    claims_.expires_at = clock_.Now() + std::chrono::minutes(5);
    claims_.authenticated_at = clock_.Now() - std::chrono::hours(1);
    claims_.methods = {"pwd"};
  }
  std::string Mint() const { return *AccessTokenMinter::Create(jose::Jwk::FromPrivate(key_, "key-1"))->Mint(claims_); }
  Result<jose::VerifiedJwt> Verify(std::string_view token, std::string audience = "api", std::string typ = "at+jwt") const {
    return jose::JwtVerifier(keys_, {jose::JwsAlgorithm::kEs256}, std::move(typ), jose::JwtClaimsPolicy("https://app.example.com", std::move(audience)), clock_)
        .Verify(token);
  }
  const crypto::PrivateKey key_ = crypto::PrivateKey::Generate(crypto::KeyType::kP256);
  jose::JwkSet keys_;
  test::FakeClock clock_;
  AccessTokenClaims claims_;
};

TEST_F(AccessToken, CarriesTheClaimsOfRfc9068) {
  claims_.extra["email"] = "n@e.x";
  const auto jwt = Verify(Mint());
  ASSERT_TRUE(jwt) << jwt.error().ToLogString();
  EXPECT_EQ(jwt->header().typ, "at+jwt");
  EXPECT_EQ(jwt->header().kid, "key-1");
  const json::object& got = jwt->claims();
  for (const auto& [name, value] : {std::pair("sub", "user"), {"client_id", "sallyport"}, {"sid", "sid"}, {"jti", "jti"}, {"email", "n@e.x"}})
    EXPECT_EQ(GetString(got, name), value) << name;
  EXPECT_EQ(GetInteger(got, "exp"), UnixSeconds(clock_.Now()) + 300);
  EXPECT_EQ(GetInteger(got, "auth_time"), UnixSeconds(clock_.Now()) - 3600);
  EXPECT_EQ(got.at("amr"), json::array({"pwd"}));
}

TEST_F(AccessToken, S40_IsForItsAudienceAndKindOnly) {
  EXPECT_TRUE(Verify(Mint(), "other").error().Is(jose::Errc::kWrongAudience));
  EXPECT_TRUE(Verify(Mint(), "api", "").error().Is(jose::Errc::kWrongType)) << "is no ID token";
}

TEST_F(AccessToken, ExtraClaimsReplaceNothing) {
  for (const char* name : {"iss", "aud", "sub", "client_id", "sid", "jti", "iat", "exp", "auth_time", "amr", "nbf"}) claims_.extra[name] = "evil";
  claims_.methods.clear();
  const auto jwt = Verify(Mint());
  ASSERT_TRUE(jwt) << jwt.error().ToLogString();
  EXPECT_EQ(json::serialize(jwt->claims()).find("evil"), std::string::npos);
}

TEST_F(AccessToken, KeyMustHaveAPrivateHalfAKidAndFit) {
  EXPECT_FALSE(AccessTokenMinter::Create(jose::Jwk::FromPublic(key_.Public(), "k")));
  EXPECT_FALSE(AccessTokenMinter::Create(jose::Jwk::FromPrivate(key_, "")));
  EXPECT_FALSE(AccessTokenMinter::Create(jose::Jwk::FromPrivate(key_, "k"), jose::JwsAlgorithm::kRs256));
  EXPECT_FALSE(AccessTokenMinter::Create(jose::Jwk::FromSymmetric(Secret(std::string(32, 'k')), "k"), jose::JwsAlgorithm::kHs256));
}

}  // namespace
}  // namespace sallyport::token
