// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/backend_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/jose/base64url.h"
#include "sallyport/signin/backend_tokens.h"

namespace sallyport::signin {
namespace {

using ::testing::ElementsAre;

const Timestamp kNow = FromUnixSeconds(1'800'000'000);

json::object Parse(std::string_view text) { return ParseJsonObject(text).value(); }

TEST(BackendAnswer, PathsAreDotted) {
  const auto answer = Parse(R"({"a":{"b":{"c":1}},"d":2})");
  EXPECT_EQ(*FindPath(answer, "a.b.c"), json::value(1));
  EXPECT_EQ(*FindPath(answer, "d"), json::value(2));
  for (const auto* path : {"", "a.x", "d.e", "a.b.c.d", ".", "a.", "a..b"}) EXPECT_EQ(FindPath(answer, path), nullptr) << path;
}

TEST(BackendAnswer, ProfileIsReadAndCleaned) {
  BackendOptions options;
  options.groups_path = "user.roles";
  options.claims = {"plan", "missing"};
  const auto profile = ProfileFromAnswer(options, Parse(R"j({"user":{"id":42,"name":" Anna ","email":"Anna@Example.org",
      "image":"javascript:alert(1)","roles":["b","a","b","x,y",7,""],"plan":{"tier":"pro"}}})j"));
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->id, "42");
  EXPECT_EQ(profile->name, "Anna");
  EXPECT_EQ(profile->email, "anna@example.org");
  EXPECT_EQ(profile->image, std::nullopt);
  EXPECT_THAT(*profile->groups, ElementsAre("a", "b"));
  EXPECT_EQ(json::serialize(profile->claims), R"({"plan":{"tier":"pro"}})");
}

TEST(BackendAnswer, S44_WithoutAUsableIdThereIsNoUser) {
  for (const auto* text : {R"({})", R"({"user":{}})", R"({"user":{"id":null}})", R"({"user":{"id":""}})", R"({"user":{"id":["1"]}})",
                           R"({"user":{"id":1.5}})", R"({"user":{"id":true}})", R"({"user":"1"})", R"({"user":{"id":"a\nb"}})"}) {
    EXPECT_FALSE(ProfileFromAnswer({}, Parse(text))) << text;
  }
}

TEST(BackendAnswer, S60_GroupsThatAreNoneGiveNone) {
  BackendOptions options;
  options.groups_path = "user.roles";
  EXPECT_TRUE(ProfileFromAnswer(options, Parse(R"({"user":{"id":"1","roles":"admin"}})"))->groups->empty());
  EXPECT_TRUE(ProfileFromAnswer(options, Parse(R"({"user":{"id":"1"}})"))->groups->empty());
  EXPECT_EQ(ProfileFromAnswer({}, Parse(R"({"user":{"id":"1","roles":["admin"]}})"))->groups, std::nullopt);
}

TEST(BackendAnswer, S7_TokensNeverBecomeClaims) {
  BackendOptions options;
  options.claims = {"t", "nested", "ok"};
  const auto profile = ProfileFromAnswer(options, Parse(R"({"accessToken":"SECRET1","refreshToken":"SECRET2",
      "user":{"id":"1","t":"SECRET1","nested":{"x":"pre-SECRET2"},"ok":1}})"));
  EXPECT_EQ(json::serialize(profile->claims), R"({"ok":1})");
}

TEST(BackendAnswer, CodeIsTakenOnlyWhenSafe) {
  EXPECT_EQ(CodeFromAnswer(R"({"code":"otp_required"})"), "otp_required");
  for (const auto* body : {R"({"code":"a b"})", R"({"code":"<x>"})", R"({"code":7})", R"({"code":""})", "nonsense", "", R"({"code":"a&b=c"})"}) {
    EXPECT_EQ(CodeFromAnswer(body), "") << body;
  }
  EXPECT_EQ(CodeFromAnswer("{\"code\":\"" + std::string(65, 'a') + "\"}"), "");
}

TEST(BackendAnswer, TokensExpireByExpiresInOrTheJwtOrNever) {
  const auto jwt = "e30." + jose::EncodeBase64Url(R"({"exp":1800000600})") + ".sig";
  const auto expiry = [](const std::string& text) { return GetInteger(*TokensFromAnswer({}, Parse(text), kNow), "expires_at"); };
  EXPECT_EQ(expiry(R"({"accessToken":"a","expiresIn":60})"), 1'800'000'060);
  EXPECT_EQ(expiry(R"({"accessToken":")" + jwt + R"(","expiresIn":60})"), 1'800'000'060);
  EXPECT_EQ(expiry(R"({"accessToken":")" + jwt + R"("})"), 1'800'000'600);
  EXPECT_EQ(expiry(R"({"accessToken":"opaque"})"), std::nullopt);
  EXPECT_EQ(expiry(R"({"accessToken":"a.b.c"})"), std::nullopt);
  EXPECT_EQ(expiry(R"({"accessToken":"a","expiresIn":"60"})"), std::nullopt);
  EXPECT_EQ(expiry(R"({"accessToken":"a","expiresIn":-1})"), std::nullopt);
  EXPECT_EQ(expiry(R"({"accessToken":"a","expiresIn":99999999999999})"), std::nullopt);
}

TEST(BackendAnswer, FormerRefreshTokenStaysWhenThereIsNoNewOne) {
  EXPECT_EQ(GetString(*TokensFromAnswer({}, Parse(R"({"accessToken":"a"})"), kNow, "old"), "refresh_token"), "old");
  EXPECT_EQ(GetString(*TokensFromAnswer({}, Parse(R"({"accessToken":"a","refreshToken":"new"})"), kNow, "old"), "refresh_token"), "new");
}

TEST(BackendAnswer, TokenThatCannotStandInAHeaderIsNone) {
  for (const auto* text : {R"({})", R"({"accessToken":""})", R"({"accessToken":"a\r\nX: y"})", R"({"accessToken":"a b"})", R"({"accessToken":"ä"})",
                           R"({"accessToken":null})", R"({"accessToken":["a"]})"}) {
    EXPECT_FALSE(TokensFromAnswer({}, Parse(text), kNow)) << text;
  }
}

}  // namespace
}  // namespace sallyport::signin
