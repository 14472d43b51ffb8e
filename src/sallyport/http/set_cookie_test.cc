// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/set_cookie.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

const Timestamp kNow = FromUnixSeconds(1'800'000'000);  // 2027-01-15T08:00:00Z

TEST(SetCookie, AttributesComeInTheOrderOfNpmsCookie) {
  SetCookie cookie;
  cookie.name = "__Secure-next-auth.callback-url";
  cookie.value = "https://app.example.com/a b|c!'()*~";
  cookie.max_age = std::chrono::hours(1);
  cookie.domain = "example.com";
  cookie.expires = kNow;
  cookie.secure = true;
  EXPECT_EQ(cookie.ToString(),
            "__Secure-next-auth.callback-url=https%3A%2F%2Fapp.example.com%2Fa%20b%7Cc!'()*~; Max-Age=3600; Domain=example.com; Path=/; "
            "Expires=Fri, 15 Jan 2027 08:00:00 GMT; HttpOnly; Secure; SameSite=Lax");
}

TEST(SetCookie, OnlyWhatIsSetIsWritten) {
  SetCookie cookie{.name = "a", .value = "b", .path = "", .http_only = false, .same_site = SameSite::kUnset};
  EXPECT_EQ(cookie.ToString(), "a=b");
  cookie.same_site = SameSite::kNone;
  EXPECT_EQ(cookie.ToString(), "a=b; SameSite=None");
}

TEST(SetCookie, DeletionKeepsWhatIdentifiesTheCookie) {
  const SetCookie cookie{.name = "__Host-a", .value = "b", .expires = kNow, .secure = true};
  EXPECT_EQ(cookie.Deletion().ToString(), "__Host-a=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax");
  const auto parsed = ParseSetCookie(cookie.Deletion().ToString(), kNow);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->deletes);
}

TEST(ParseSetCookie, NameValueAndDeletionAreRead) {
  const auto cookie = ParseSetCookie(" a = b=c ; Path=/; HttpOnly", kNow);
  ASSERT_TRUE(cookie);
  EXPECT_EQ(cookie->name, "a");
  EXPECT_EQ(cookie->value, "b=c");
  EXPECT_FALSE(cookie->deletes);
  EXPECT_FALSE(ParseSetCookie("", kNow));
  EXPECT_FALSE(ParseSetCookie("a", kNow));
  EXPECT_FALSE(ParseSetCookie("=a", kNow));
  EXPECT_FALSE(ParseSetCookie("; a=b", kNow));
}

TEST(ParseSetCookie, DeletionIsJudgedAsBrowsersDo) {
  const auto deletes = [](std::string_view attributes) { return ParseSetCookie("a=b;" + std::string(attributes), kNow)->deletes; };
  EXPECT_TRUE(deletes("max-age=0"));
  EXPECT_TRUE(deletes("MAX-AGE = -1"));
  EXPECT_TRUE(deletes("Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
  EXPECT_TRUE(deletes("expires=Thu, 01-Jan-70 00:00:00 GMT"));
  EXPECT_TRUE(deletes("Max-Age=10; Max-Age=0"));
  EXPECT_FALSE(deletes("Max-Age=0; Max-Age=10"));
  EXPECT_FALSE(deletes("Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
  EXPECT_FALSE(deletes("Expires=Thu, 01 Jan 2099 00:00:00 GMT"));
  EXPECT_FALSE(deletes("Max-Age=zero"));
  EXPECT_FALSE(deletes("Expires=never"));
  EXPECT_FALSE(deletes("Max-Age="));
}

TEST(CookieDate, EveryHttpDateFormIsRead) {
  const auto expected = FromUnixSeconds(784111777);
  EXPECT_EQ(ParseCookieDate("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
  EXPECT_EQ(ParseCookieDate("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
  EXPECT_EQ(ParseCookieDate("Sun Nov  6 08:49:37 1994"), expected);
  for (const std::string_view bad : {"", "x", "06 Nov 1994", "08:49:37", "31 Feb 2020 00:00:00", "06 Nov 1994 24:00:00", "06 Nov 1600 00:00:00"})
    EXPECT_EQ(ParseCookieDate(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace sallyport::http
