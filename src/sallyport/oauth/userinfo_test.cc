// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/userinfo.h"

#include "sallyport/jose/errc.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/provider_tokens_fixture.h"

namespace sallyport::oauth {
namespace {

class UserInfo : public ProviderTokensFixture {
 protected:
  static IdTokenPolicy Policy() {
    IdTokenPolicy policy;
    policy.issuer = "https://op.example";
    policy.client_id = "app";
    policy.algorithms = DefaultIdTokenAlgorithms();
    return policy;
  }
};

TEST_F(UserInfo, JsonIsReadAndReferencesAreLeftOut) {
  const auto claims = ReadUserInfo(200, "application/json", R"({"sub":"u","_claim_names":{"a":"s"},"_claim_sources":{"s":{"endpoint":"http://10.0.0.1"}}})");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->size(), 1u);
}

TEST_F(UserInfo, WhatIsNoneIsRefused) {
  for (const char* body : {"", "[]", "null", "<html>", R"({"sub":"a","sub":"b"})"})
    EXPECT_TRUE(ReadUserInfo(200, "application/json", body).error().Is(Errc::kMalformed)) << body;
  EXPECT_TRUE(ReadUserInfo(500, "", "").error().Is(Errc::kProviderUnavailable));
  EXPECT_FALSE(ReadUserInfo(401, "application/json", R"({"error":"invalid_token"})"));
}

TEST_F(UserInfo, S31_SubjectMustBeThatOfTheIdToken) {
  EXPECT_TRUE(CheckUserInfoSubject({{"sub", "u"}}, "u"));
  EXPECT_TRUE(CheckUserInfoSubject({{"sub", "v"}}, "u").error().Is(Errc::kWrongSubject));
  EXPECT_TRUE(CheckUserInfoSubject({}, "u").error().Is(Errc::kMissingClaim));
  EXPECT_TRUE(CheckUserInfoSubject({{"sub", 1}}, "1").error().Is(Errc::kMissingClaim));
  EXPECT_FALSE(CheckUserInfoSubject({{"sub", ""}}, ""));
}

TEST_F(UserInfo, SignedAnswerIsVerified) {
  const json::object claims = {{"iss", "https://op.example"}, {"aud", "app"}, {"sub", "u"}};
  EXPECT_TRUE(ReadSignedUserInfo(Sign(claims), keys_, Policy(), clock_));
  EXPECT_TRUE(ReadSignedUserInfo(Sign(claims, "", "k2"), keys_, Policy(), clock_).error().Is(jose::Errc::kBadSignature));
  EXPECT_TRUE(ReadSignedUserInfo(Sign({{"iss", "x"}, {"aud", "app"}, {"sub", "u"}}), keys_, Policy(), clock_).error().Is(Errc::kWrongIssuer));
  EXPECT_FALSE(ReadSignedUserInfo(Sign({{"iss", "https://op.example"}, {"aud", "x"}, {"sub", "u"}}), keys_, Policy(), clock_));
}

}  // namespace
}  // namespace sallyport::oauth
