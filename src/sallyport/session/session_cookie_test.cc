// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/session_cookie.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport::session {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const Timestamp kExpires = FromUnixSeconds(1'800'000'000);

TEST(CookieNames, S2_NamesCarryPrefixesOnHttps) {
  const auto names = CookieNames::For(NextAuthCompat::kV5, true);
  EXPECT_EQ(names.session, "__Secure-authjs.session-token");
  EXPECT_EQ(names.csrf, "__Host-authjs.csrf-token");
  EXPECT_EQ(names.callback_url, "__Secure-authjs.callback-url");
  EXPECT_EQ(CookieNames::For(NextAuthCompat::kV4, false).session, "next-auth.session-token");
  EXPECT_EQ(CookieNames::For(NextAuthCompat::kOff, false).csrf, "authjs.csrf-token");
}

TEST(CookieNames, S23_EverySpellingOfOursIsOurs) {
  const auto names = CookieNames::For(NextAuthCompat::kV5, true);
  for (const char* ours : {"__Secure-authjs.session-token", "__Secure-authjs.session-token.3", "__secure-authjs.session-token",
                           "__HOST-authjs.csrf-token", "authjs.session-token", "__Host-Authjs.session-token", "XSRF-TOKEN"}) {
    EXPECT_TRUE(names.IsOurs(ours)) << ours;
  }
  for (const char* foreign : {"theme", "", "__Secure-", "authjs", "xauthjs.session-token", "sid"}) {
    EXPECT_FALSE(names.IsOurs(foreign)) << foreign;
  }
}

TEST(CookieNames, IsSessionTakesTheNameAndItsChunksOnly) {
  const auto names = CookieNames::For(NextAuthCompat::kV5, false);
  EXPECT_TRUE(names.IsSession("authjs.session-token"));
  EXPECT_TRUE(names.IsSession("authjs.session-token.0"));
  EXPECT_TRUE(names.IsSession("authjs.session-token.15"));
  for (const char* other : {"authjs.session-token.", "authjs.session-token.x", "authjs.session-token2", "__Secure-authjs.session-token"}) {
    EXPECT_FALSE(names.IsSession(other)) << other;
  }
}

TEST(SetSessionCookies, S2_AttributesAreThoseOfTheRule) {
  const auto names = CookieNames::For(NextAuthCompat::kV5, true);
  const auto lines = SetSessionCookies(names, NextAuthCompat::kV5, "abc", kExpires, {});
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0], "__Secure-authjs.session-token=abc; Path=/; Expires=" + ToHttpDate(kExpires) + "; HttpOnly; Secure; SameSite=Lax");
  EXPECT_THAT(lines[0], Not(HasSubstr("Domain")));
}

TEST(SetSessionCookies, S2_LongValuesAreChunkedBelow4096Bytes) {
  const auto names = CookieNames::For(NextAuthCompat::kV5, true);
  const auto lines = SetSessionCookies(names, NextAuthCompat::kV5, std::string(9000, 'a'), kExpires, {names.session});
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_THAT(lines[0], StartsWith(names.session + "=; "));
  EXPECT_THAT(lines[0], HasSubstr("Max-Age=0"));
  for (int i = 1; i < 4; ++i) {
    EXPECT_THAT(lines[i], StartsWith(names.session + "." + std::to_string(i - 1) + "=aaa"));
    // Browsers count name and value.
    EXPECT_LE(lines[i].find(';'), 4096u);
  }
}

TEST(SetSessionCookies, AShorterValueDeletesTheChunksThatAreLeft) {
  const auto names = CookieNames::For(NextAuthCompat::kV5, false);
  const auto lines = SetSessionCookies(names, NextAuthCompat::kV5, "abc", kExpires, {names.session + ".0", names.session + ".1", "other"});
  EXPECT_THAT(lines, ElementsAre(HasSubstr(".0=; Max-Age=0"), HasSubstr(".1=; Max-Age=0"), StartsWith(names.session + "=abc;")));
}

TEST(SetSessionCookies, BeyondSixteenChunksThereIsNoCookie) {
  const auto names = CookieNames::For(NextAuthCompat::kV5, false);
  EXPECT_TRUE(SetSessionCookies(names, NextAuthCompat::kV5, std::string(17 * 4000, 'a'), kExpires, {}).empty());
}

TEST(ClearSessionCookies, DeletesTheNameAndWhatTheRequestCarried) {
  const auto names = CookieNames::For(NextAuthCompat::kV5, true);
  const auto lines = ClearSessionCookies(names, {names.session, names.session + ".0", "theme"});
  ASSERT_THAT(lines, SizeIs(2));
  for (const auto& line : lines) {
    EXPECT_THAT(line, HasSubstr("=; Max-Age=0; Path=/;"));
    EXPECT_THAT(line, EndsWith("HttpOnly; Secure; SameSite=Lax"));
  }
}

}  // namespace
}  // namespace sallyport::session
