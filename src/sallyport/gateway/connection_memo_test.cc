// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/connection_memo.h"

#include <gtest/gtest.h>

#include <vector>

namespace sallyport::gateway {
namespace {

http::HeaderTable Cookies(const std::vector<std::string>& values) {
  http::HeaderTable table;
  for (const auto& value : values) table.Add({"Cookie", value, http::HeaderId::kCookie});
  return table;
}

TEST(CookieMemo, HoldsForTheSameBytesOnly) {
  const std::vector<std::string> one = {"a=1; s=token"}, other = {"a=1; s=tokem"}, none = {};
  CookieMemo memo;
  ASSERT_TRUE(memo.Recall(Cookies(one), 1));
  EXPECT_EQ(memo.key.state, session::CookieKey::kUnread);
  memo.key.state = session::CookieKey::kOne;
  memo.forwarded[2].known = true;
  ASSERT_TRUE(memo.Recall(Cookies(one), 1));
  EXPECT_EQ(memo.key.state, session::CookieKey::kOne);
  EXPECT_TRUE(memo.forwarded[2].known);
  ASSERT_TRUE(memo.Recall(Cookies(other), 1));
  EXPECT_EQ(memo.key.state, session::CookieKey::kUnread);
  EXPECT_FALSE(memo.forwarded[2].known);
  memo.key.state = session::CookieKey::kOne;
  ASSERT_TRUE(memo.Recall(Cookies(none), 1)) << "a request without cookies is not the one before";
  EXPECT_EQ(memo.key.state, session::CookieKey::kUnread);
}

TEST(CookieMemo, AnEmptyOneIsNotTakenForNoCookies) {
  CookieMemo memo;
  EXPECT_TRUE(memo.Recall(Cookies({}), 1));
  EXPECT_EQ(memo.key.state, session::CookieKey::kUnread);
}

TEST(CookieMemo, AnotherConfigurationBeginsAnew) {
  const std::vector<std::string> one = {"s=token"};
  CookieMemo memo;
  ASSERT_TRUE(memo.Recall(Cookies(one), 1));
  memo.key.state = session::CookieKey::kOne;
  ASSERT_TRUE(memo.Recall(Cookies(one), 2));
  EXPECT_EQ(memo.key.state, session::CookieKey::kUnread);
}

TEST(CookieMemo, SeveralFieldsAndLargeOnesAreNotRemembered) {
  CookieMemo memo;
  const std::vector<std::string> two = {"s=token", "s=other"}, large = {std::string(CookieMemo::kMaxBytes + 1, 'x')}, one = {"s=token"};
  ASSERT_TRUE(memo.Recall(Cookies(one), 1));
  memo.key.state = session::CookieKey::kOne;
  EXPECT_FALSE(memo.Recall(Cookies(two), 1));
  EXPECT_FALSE(memo.Recall(Cookies(large), 1));
  EXPECT_TRUE(memo.Recall(Cookies(one), 1));
  EXPECT_EQ(memo.key.state, session::CookieKey::kOne) << "it is still about the bytes that it was about";
}

}  // namespace
}  // namespace sallyport::gateway
