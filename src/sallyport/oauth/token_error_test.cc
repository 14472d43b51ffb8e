// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/token_error.h"

#include <gtest/gtest.h>

namespace sallyport::oauth {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

TEST(TokenError, ErrorOfTheBodyDecides) {
  EXPECT_TRUE(ErrorFromAnswer(400, kJson, R"({"error":"invalid_grant"})").Is(Errc::kInvalidGrant));
  EXPECT_TRUE(ErrorFromAnswer(400, kForm, "error=invalid_grant&error_description=x").Is(Errc::kInvalidGrant));
  EXPECT_TRUE(ErrorFromAnswer(400, kJson, R"({"error":"unauthorized_client"})").Is(Errc::kInvalidClient));
  EXPECT_TRUE(ErrorFromAnswer(400, kJson, R"({"error":"temporarily_unavailable"})").Is(Errc::kProviderUnavailable));
  EXPECT_TRUE(ErrorFromAnswer(400, kJson, R"({"error":"something_new"})").Is(Errc::kProviderError));
}

TEST(TokenError, S35_ServerTroubleIsNeverARefusal) {
  for (const long status : {0L, 429L, 500L, 502L, 503L})
    EXPECT_TRUE(ErrorFromAnswer(status, kJson, R"({"error":"invalid_grant"})").Is(Errc::kProviderUnavailable)) << status;
}

TEST(TokenError, WithoutABodyTheStatusDecides) {
  EXPECT_TRUE(ErrorFromAnswer(401, "", "").Is(Errc::kInvalidClient));
  EXPECT_TRUE(ErrorFromAnswer(400, "text/html", "<h1>error=invalid_grant</h1>").Is(Errc::kProviderError));
}

TEST(TokenError, ErrorInsideASuccessIsFound) {
  EXPECT_TRUE(ErrorInside(*ParseJsonObject(R"({"error":"bad_verification_code"})"))->Is(Errc::kProviderError));
  EXPECT_TRUE(ErrorInside(*ParseJsonObject(R"({"error":{"code":"x"}})"))->Is(Errc::kProviderError));
  EXPECT_FALSE(ErrorInside(*ParseJsonObject(R"({"error":null,"access_token":"t"})")));
  EXPECT_FALSE(ErrorInside(*ParseJsonObject(R"({"access_token":"t"})")));
}

TEST(TokenError, S62_TextForLogsHasNoTokensAndNoControlCharacters) {
  EXPECT_EQ(LogText("code is void"), "code is void");
  EXPECT_EQ(LogText("token eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.e30 is void"), "token ... is void");
  EXPECT_EQ(LogText("a\r\nb\x01"), "a??b?");
  EXPECT_LE(LogText(std::string(5000, ' ')).size(), 200u);
  EXPECT_EQ(LogText(std::string(5000, 'a')), "...");
}

}  // namespace
}  // namespace sallyport::oauth
