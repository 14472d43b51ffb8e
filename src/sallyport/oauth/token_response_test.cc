// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/token_response.h"

#include <gtest/gtest.h>

#include "sallyport/oauth/errc.h"

namespace sallyport::oauth {
namespace {

Result<TokenResponse> Read(std::string_view body, bool strict = true, std::string_view type = "application/json") {
  return ReadTokenResponse(200, type, body, strict);
}

TEST(TokenResponse, JsonIsRead) {
  const auto tokens = Read(R"({"access_token":"at","token_type":"Bearer","expires_in":3600,"refresh_token":"rt","id_token":"a.b.c","scope":"openid email","x":1})");
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->access_token.Reveal(), "at");
  EXPECT_EQ(tokens->refresh_token.Reveal(), "rt");
  EXPECT_EQ(tokens->id_token, "a.b.c");
  EXPECT_EQ(tokens->expires_in, 3600);
  EXPECT_EQ(tokens->scope, "openid email");
  EXPECT_TRUE(tokens->members.contains("x"));
}

TEST(TokenResponse, UrlencodedIsRead) {
  const auto tokens = Read("access_token=at&expires_in=60&token_type=bearer", true, "application/x-www-form-urlencoded; charset=utf-8");
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->access_token.Reveal(), "at");
  EXPECT_EQ(tokens->expires_in, 60);
}

TEST(TokenResponse, ExpiresInMayBeANumberAStringOrAbsent) {
  const auto seconds = [](std::string_view json) {
    return Read(R"({"access_token":"a","token_type":"bearer","expires_in":)" + std::string(json) + "}");
  };
  EXPECT_EQ(seconds("60")->expires_in, 60);
  EXPECT_EQ(seconds("\"60\"")->expires_in, 60);
  EXPECT_EQ(seconds("60.9")->expires_in, 60);
  EXPECT_EQ(seconds("null")->expires_in, std::nullopt);
  EXPECT_GT(seconds("18446744073709551615")->expires_in, 0);
  EXPECT_GT(seconds("9223372036854775807")->expires_in, 0);
  for (const char* bad : {"-1", "\"-1\"", "\"60s\"", "\" 60\"", "true", "[]", "\"99999999999999999999\""})
    EXPECT_FALSE(seconds(bad)) << bad;
}

TEST(TokenResponse, ScopeMayBeAnArray) {
  EXPECT_EQ(Read(R"({"access_token":"a","token_type":"bearer","scope":["x","y"]})")->scope, "x y");
  EXPECT_FALSE(Read(R"({"access_token":"a","token_type":"bearer","scope":[1]})"));
}

TEST(TokenResponse, TypeMustBeBearerAndMayBeMissingOnlyWhereAllowed) {
  EXPECT_FALSE(Read(R"({"access_token":"a"})"));
  EXPECT_TRUE(Read(R"({"access_token":"a"})", false));
  EXPECT_FALSE(Read(R"({"access_token":"a","token_type":"DPoP"})", false));
  EXPECT_TRUE(Read(R"({"access_token":"a","token_type":"jwt-bearer"})"));
}

TEST(TokenResponse, S44_WhatIsNoTokenIsRefused) {
  for (const char* body : {"", "{", "[]", "{}", R"({"access_token":"","token_type":"bearer"})", R"({"access_token":["a"],"token_type":"bearer"})",
                           R"({"access_token":1,"token_type":"bearer"})", R"({"access_token":null,"token_type":"bearer"})",
                           R"({"access_token":"a b","token_type":"bearer"})", R"({"access_token":"a\r\nx","token_type":"bearer"})",
                           R"({"access_token":"a","access_token":"b","token_type":"bearer"})",
                           R"({"access_token":"a","token_type":"bearer","refresh_token":7})"}) {
    const auto tokens = Read(body);
    ASSERT_FALSE(tokens) << body;
    EXPECT_TRUE(tokens.error().Is(Errc::kMalformed)) << body;
  }
  EXPECT_FALSE(Read("access_token=a&access_token=b&token_type=bearer", true, "application/x-www-form-urlencoded"));
}

TEST(TokenResponse, ErrorsKeepTheirReasonAlsoWithStatus200) {
  EXPECT_TRUE(Read(R"({"error":"invalid_grant"})").error().Is(Errc::kInvalidGrant));
  EXPECT_TRUE(Read("error=bad_verification_code", false, "application/x-www-form-urlencoded").error().Is(Errc::kProviderError));
  EXPECT_TRUE(ReadTokenResponse(400, "application/json", R"({"error":"invalid_grant"})", true).error().Is(Errc::kInvalidGrant));
  EXPECT_TRUE(ReadTokenResponse(503, "text/html", "busy", true).error().Is(Errc::kProviderUnavailable));
  EXPECT_TRUE(ReadTokenResponse(302, "text/html", "", true).error().Is(Errc::kProviderError));
}

}  // namespace
}  // namespace sallyport::oauth
