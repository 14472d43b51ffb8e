// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/jwt_claims.h"

#include <gtest/gtest.h>

#include "sallyport/jose/errc.h"

namespace sallyport::jose {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;

class JwtClaims : public ::testing::Test {
 protected:
  JwtClaims() : claims_(*ParseJsonObject(R"({"iss":"https://i","aud":"a","sub":"s","iat":1799999990,"exp":1800000300})")) {}
  Result<void> Check() const { return policy_.Check(claims_, FromUnixSeconds(kNow)); }
  bool Fails(Errc code) const {
    const auto outcome = Check();
    return !outcome && outcome.error().Is(code);
  }
  json::object claims_;
  JwtClaimsPolicy policy_{"https://i", "a"};
};

TEST_F(JwtClaims, GoodOnesPass) { EXPECT_TRUE(Check()); }

TEST_F(JwtClaims, S40_ExpAndIatAreRequiredUnlessSpelledOut) {
  claims_.erase("exp");
  EXPECT_TRUE(Fails(Errc::kMissingClaim));
  policy_.AllowMissingExpiration();
  EXPECT_TRUE(Check());
  claims_.erase("iat");
  EXPECT_TRUE(Fails(Errc::kMissingClaim));
  policy_.AllowMissingIssuedAt();
  EXPECT_TRUE(Check());
  policy_.MaxAge(std::chrono::seconds(60));
  EXPECT_TRUE(Fails(Errc::kMissingClaim)) << "an age cannot be told without iat";
}

TEST_F(JwtClaims, ExpiredAtExactlyTheToleranceIsRejected) {
  claims_["exp"] = kNow - 14;
  EXPECT_TRUE(Check());
  claims_["exp"] = kNow - 15;
  EXPECT_TRUE(Fails(Errc::kExpired));
  policy_.Tolerance(std::chrono::seconds(0));
  claims_["exp"] = kNow;
  EXPECT_TRUE(Fails(Errc::kExpired));
}

TEST_F(JwtClaims, TheFutureIsRejectedBeyondTheTolerance) {
  claims_["nbf"] = kNow + 15;
  EXPECT_TRUE(Check());
  claims_["nbf"] = kNow + 16;
  EXPECT_TRUE(Fails(Errc::kNotYetValid));
  claims_.erase("nbf");
  claims_["iat"] = kNow + 16;
  EXPECT_TRUE(Fails(Errc::kIssuedInFuture));
}

TEST_F(JwtClaims, MaxAgeCountsFromIat) {
  policy_.MaxAge(std::chrono::seconds(60));
  claims_["iat"] = kNow - 74;
  EXPECT_TRUE(Check());
  claims_["iat"] = kNow - 75;
  EXPECT_TRUE(Fails(Errc::kTooOld));
}

TEST_F(JwtClaims, IssuerMatchesExactly) {
  for (const char* other : {"", "https://I", "https://i/", "https://evil"}) {
    claims_["iss"] = other;
    EXPECT_TRUE(Fails(Errc::kWrongIssuer)) << other;
  }
  claims_.erase("iss");
  EXPECT_TRUE(Fails(Errc::kMissingClaim));
  policy_.AllowAnyIssuer();
  EXPECT_TRUE(Check());
}

TEST_F(JwtClaims, AudienceIsAStringOrAnArrayThatHoldsIt) {
  claims_["aud"] = json::array({"x", "a"});
  EXPECT_TRUE(Check());
  for (const json::value& other : {json::value("x"), json::value(""), json::value(json::array()), json::value(json::array({"A"}))}) {
    claims_["aud"] = other;
    EXPECT_TRUE(Fails(Errc::kWrongAudience)) << json::serialize(other);
  }
  claims_.erase("aud");
  EXPECT_TRUE(Fails(Errc::kMissingClaim));
}

TEST_F(JwtClaims, S44_EmptyExpectationsNeverMatchEmptyClaims) {
  claims_["aud"] = "";
  claims_["iss"] = "";
  policy_ = JwtClaimsPolicy("", "a");
  EXPECT_TRUE(Fails(Errc::kWrongIssuer));
  policy_ = JwtClaimsPolicy("", "").AllowAnyIssuer();
  EXPECT_TRUE(Fails(Errc::kWrongAudience));
}

TEST_F(JwtClaims, SubjectIsAStringAndPresentWhenRequired) {
  policy_.RequireSubject();
  EXPECT_TRUE(Check());
  claims_["sub"] = "";
  EXPECT_TRUE(Fails(Errc::kMissingClaim));
  claims_["sub"] = 7;
  EXPECT_TRUE(Fails(Errc::kMalformed));
}

TEST_F(JwtClaims, WrongTypesAreRefusedNeverIgnored) {
  const json::object good = claims_;
  for (const char* bad : {R"({"exp":"1800000300"})", R"({"exp":null})", R"({"exp":-1})", R"({"exp":1e300})", R"({"exp":18446744073709551615})",
                          R"({"iat":true})", R"({"nbf":[]})", R"({"iss":["https://i"]})", R"({"aud":{"a":1}})", R"({"aud":["a",1]})", R"({"sub":{}})"}) {
    claims_ = good;
    const json::object members = *ParseJsonObject(bad);
    for (const auto& [name, value] : members) claims_[name] = value;
    EXPECT_TRUE(Fails(Errc::kMalformed)) << bad;
  }
}

TEST_F(JwtClaims, DatesMayHaveFractions) {
  claims_["exp"] = static_cast<double>(kNow) - 14.5;
  EXPECT_TRUE(Check());
  claims_["exp"] = static_cast<double>(kNow) - 15.5;
  EXPECT_TRUE(Fails(Errc::kExpired));
}

}  // namespace
}  // namespace sallyport::jose
