// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/authorization_response.h"

#include <gtest/gtest.h>

#include "sallyport/oauth/errc.h"

namespace sallyport::oauth {
namespace {

Result<AuthorizationResponse> Read(std::string_view query) { return ReadAuthorizationResponse(*http::ParseQuery(query)); }

TEST(AuthorizationResponse, CodeAndStateAreTaken) {
  const auto response = Read("code=c%20d&state=s&iss=https%3A%2F%2Fop.example&session_state=x");
  ASSERT_TRUE(response);
  EXPECT_TRUE(response->ok());
  EXPECT_EQ(response->code, "c d");
  EXPECT_EQ(response->state, "s");
  EXPECT_EQ(response->iss, "https://op.example");
}

TEST(AuthorizationResponse, ErrorIsTaken) {
  const auto response = Read("error=access_denied&error_description=no&state=s");
  ASSERT_TRUE(response);
  EXPECT_FALSE(response->ok());
  EXPECT_EQ(response->error, "access_denied");
}

TEST(AuthorizationResponse, WhatIsNoneIsRefused) {
  for (const std::string& query :
       {std::string(), std::string("code=c"), std::string("state=s"), std::string("state=&code=c"), std::string("state=s&code="),
        std::string("code=c&error=e&state=s"), std::string("code=c&code=d&state=s"), std::string("code=c&state=s&state=s"),
        std::string("code=c&state=s&iss=a&iss=b"), std::string("code=c%0d%0a&state=s"), std::string("code=c&state=%c3%a4"),
        "state=s&code=" + std::string(5000, 'c'), "code=c&state=" + std::string(5000, 's')}) {
    const auto response = Read(query);
    ASSERT_FALSE(response) << query.substr(0, 60);
    EXPECT_TRUE(response.error().Is(Errc::kMalformed));
  }
}

TEST(AuthorizationResponse, S31_IssuerOfTheAnswerMustBeTheProviders) {
  const auto with = *Read("code=c&state=s&iss=https%3A%2F%2Fop.example");
  const auto without = *Read("code=c&state=s");
  EXPECT_TRUE(CheckResponseIssuer(with, "https://op.example", true));
  EXPECT_TRUE(CheckResponseIssuer(with, "https://other.example", false).error().Is(Errc::kWrongIssuer));
  EXPECT_TRUE(CheckResponseIssuer(with, "https://op.example/", false).error().Is(Errc::kWrongIssuer));
  EXPECT_TRUE(CheckResponseIssuer(without, "https://op.example", true).error().Is(Errc::kMissingIssuer));
  EXPECT_TRUE(CheckResponseIssuer(without, "https://op.example", false));
  EXPECT_TRUE(CheckResponseIssuer(with, "", true));
}

}  // namespace
}  // namespace sallyport::oauth
