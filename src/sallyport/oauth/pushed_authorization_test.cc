// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/pushed_authorization.h"

#include <gtest/gtest.h>

#include "sallyport/oauth/errc.h"

namespace sallyport::oauth {
namespace {

constexpr std::string_view kJson = "application/json";

TEST(PushedAuthorization, AnswerGivesTheReferenceForTheBrowser) {
  const auto pushed = ReadPushedAuthorization(201, kJson, R"({"request_uri":"urn:x:6","expires_in":60})");
  ASSERT_TRUE(pushed);
  EXPECT_EQ(pushed->expires_in, 60);
  EXPECT_EQ(PushedAuthorizationUrl("https://op.example/auth", "app", *pushed),
            "https://op.example/auth?client_id=app&request_uri=urn%3Ax%3A6");
}

TEST(PushedAuthorization, AnswersThatAreNoneAreRefused) {
  for (const char* body : {"", "[]", "{}", R"({"request_uri":"","expires_in":60})", R"({"request_uri":"a b","expires_in":60})",
                           R"({"request_uri":["u"],"expires_in":60})", R"({"request_uri":"u"})",
                           R"({"request_uri":"u","expires_in":0})", R"({"request_uri":"u","expires_in":"60"})",
                           R"({"request_uri":"u","request_uri":"v","expires_in":60})"}) {
    const auto pushed = ReadPushedAuthorization(201, kJson, body);
    ASSERT_FALSE(pushed) << body;
    EXPECT_TRUE(pushed.error().Is(Errc::kMalformed)) << body;
  }
}

TEST(PushedAuthorization, ErrorsKeepTheirReason) {
  EXPECT_TRUE(ReadPushedAuthorization(401, kJson, R"({"error":"invalid_client"})").error().Is(Errc::kInvalidClient));
  EXPECT_TRUE(ReadPushedAuthorization(400, kJson, R"({"error":"invalid_request"})").error().Is(Errc::kProviderError));
  EXPECT_TRUE(ReadPushedAuthorization(503, "", "").error().Is(Errc::kProviderUnavailable));
}

}  // namespace
}  // namespace sallyport::oauth
