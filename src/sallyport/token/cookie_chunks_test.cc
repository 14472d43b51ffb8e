// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/cookie_chunks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/token/errc.h"

namespace sallyport::token {
namespace {

using Strings = std::vector<std::string>;

Strings Join(std::vector<CookiePair> cookies) { return JoinCookie(cookies, "s"); }

TEST(CookieChunks, ShortValueKeepsThePlainName) {
  EXPECT_EQ(*SplitCookie("s", "abc", 3), (std::vector<CookieChunk>{{"s", "abc"}}));
  EXPECT_EQ(*SplitCookie("s", "", 3), (std::vector<CookieChunk>{{"s", ""}}));
}

TEST(CookieChunks, LongValueIsCutAndJoinsAgain) {
  EXPECT_EQ(*SplitCookie("s", "abcdefg", 3), (std::vector<CookieChunk>{{"s.0", "abc"}, {"s.1", "def"}, {"s.2", "g"}}));
  const std::string value(ChunkSize(NextAuthVersion::kV5) * 15 + 1, 'v');
  const auto chunks = SplitCookie("s", value, ChunkSize(NextAuthVersion::kV5));
  ASSERT_EQ(chunks->size(), 16U);
  std::vector<CookiePair> cookies;
  for (auto chunk = chunks->rbegin(); chunk != chunks->rend(); ++chunk) cookies.emplace_back(chunk->name, chunk->value);
  EXPECT_EQ(Join(cookies), Strings{value}) << "in numeric order, not in that of the header";
}

TEST(CookieChunks, MoreThanSixteenChunksAreRefused) {
  EXPECT_TRUE(SplitCookie("s", std::string(16 * 3 + 1, 'x'), 3).error().Is(Errc::kTooLarge));
  EXPECT_TRUE(SplitCookie("s", std::string(16 * 3, 'x'), 3));
}

TEST(CookieChunks, NamesThatOnlyLookAlikeAreIgnored) {
  for (const char* name : {"s.16", "s.99", "s.00", "s.01", "s.-1", "s.a", "s.", "s.1x", "ss", "s-1", "S", "s.0.0", "s.+1", "x.0"}) {
    EXPECT_EQ(Join({{name, "v"}}), Strings()) << name;
    const std::vector<CookiePair> cookies = {{name, "v"}};
    EXPECT_EQ(ChunkNamesSeen(cookies, "s"), Strings()) << name;
  }
}

TEST(CookieChunks, SetWithAGapGivesNothing) {
  EXPECT_EQ(Join({{"s.1", "b"}}), Strings());
  EXPECT_EQ(Join({{"s.0", "a"}, {"s.2", "c"}}), Strings());
  EXPECT_EQ(Join({{"s", ""}, {"s.0", ""}}), Strings());
}

TEST(CookieChunks, S3_TwoCookiesOfOneNameAreTwoCandidates) {
  EXPECT_EQ(Join({{"s", "one"}, {"s", "two"}, {"s", "one"}}), (Strings{"one", "two"}));
  EXPECT_EQ(Join({{"s.0", "a"}, {"s.1", "b"}, {"s.0", "x"}, {"s.1", "y"}}), (Strings{"ab", "xy"}));
  EXPECT_EQ(Join({{"s", "plain"}, {"s.0", "a"}, {"s.1", "b"}}), (Strings{"plain", "ab"})) << "a leftover of either form";
}

TEST(CookieChunks, S3_CandidatesAreBounded) {
  std::vector<std::string> values;
  std::vector<CookiePair> cookies;
  for (int i = 0; i < 100; ++i) values.push_back(std::to_string(i));
  for (const auto& value : values) cookies.emplace_back("s", value), cookies.emplace_back("s.0", value);
  EXPECT_EQ(Join(cookies).size(), kMaxCookieCandidates + 1) << "and the caller believes none";
}

TEST(CookieChunks, NamesToDeleteAreThoseSeen) {
  const std::vector<CookiePair> cookies = {{"s.1", "b"}, {"a", "x"}, {"s", "p"}, {"s.1", "c"}, {"s.0", "a"}};
  EXPECT_THAT(ChunkNamesSeen(cookies, "s"), ::testing::UnorderedElementsAre("s", "s.0", "s.1"));
}

}  // namespace
}  // namespace sallyport::token
