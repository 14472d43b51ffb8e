// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/cookie.h"

#include <gtest/gtest.h>


namespace sallyport::http {
namespace {

HeaderTable Fields(std::initializer_list<std::string_view> cookies) {
  HeaderTable table;
  for (const std::string_view value : cookies) table.Add({"Cookie", value, HeaderId::kCookie});
  return table;
}

std::string All(std::initializer_list<std::string_view> fields) {
  std::string out;
  ForEachCookie(Fields(fields), [&](const Cookie& c) { out += "[" + std::string(c.name) + "|" + std::string(c.value) + "]"; });
  return out;
}

TEST(Cookie, EntriesAreReadAcrossFields) {
  EXPECT_EQ(All({"a=b; c=d", "e=f"}), "[a|b][c|d][e|f]");
  EXPECT_EQ(All({}), "");
  EXPECT_EQ(All({" a = b ;;; c=d;"}), "[a|b][c|d]");
  EXPECT_EQ(All({"a=b=c; d=\"q r\"; e=\"; f="}), "[a|b=c][d|q r][e|\"][f|]");
}

TEST(Cookie, EntriesWithoutANameAreLeftOut) {
  EXPECT_EQ(All({"a; =b; ==c; d=e; =__Host-session=x"}), "[d|e]");
  EXPECT_EQ(All({"a b=c; d\te=f"}), "");
}

TEST(Cookie, S2_CaseVariantsOfPrefixesAreLeftOut) {
  EXPECT_EQ(All({"__host-a=1; __HOST-a=2; __Host-a=3; __secure-a=4; __Secure-a=5; __SECURE-a=6; __hosta=7"}), "[__Host-a|3][__Secure-a|5][__hosta|7]");
  EXPECT_TRUE(IsPrefixVariant("__hOST-x"));
  EXPECT_FALSE(IsPrefixVariant("__Host-x"));
  EXPECT_FALSE(IsPrefixVariant("_Host-x"));
}

TEST(Cookie, S3_AllCookiesOfANameAreFound) {
  std::string_view values[2];
  EXPECT_EQ(FindCookies(Fields({"s=1; t=2; s=3", "s=4; S=5"}), "s", values), 3u);
  EXPECT_EQ(values[0], "1");
  EXPECT_EQ(values[1], "3");
  EXPECT_EQ(FindCookie(Fields({"s=1"}), "t"), std::nullopt);
  EXPECT_EQ(FindCookie(Fields({"s="}), "s"), "");
}

CookieFilterResult Filter(std::initializer_list<std::string_view> fields, std::string& out) {
  return CookieFilter(out).Run(Fields(fields), [](const Cookie& c) { return !c.name.starts_with("own"); });
}

TEST(CookieFilter, S23_OwnCookiesAreCutOut) {
  std::string out;
  EXPECT_EQ(Filter({"a=1; own=2; b=\"x y\"; own.1=3"}, out), CookieFilterResult::kRewritten);
  EXPECT_EQ(out, "a=1; b=\"x y\"");
  EXPECT_EQ(Filter({"own=2; own=1"}, out), CookieFilterResult::kEmpty);
  EXPECT_EQ(Filter({}, out), CookieFilterResult::kEmpty);
  EXPECT_EQ(Filter({"a=1; b=2"}, out), CookieFilterResult::kUnchanged);
  EXPECT_EQ(Filter({"a=1", "b=2"}, out), CookieFilterResult::kRewritten);
  EXPECT_EQ(out, "a=1; b=2");
}

TEST(CookieFilter, S23_WhatTheParserLeavesOutNeverPasses) {
  std::string out;
  EXPECT_EQ(Filter({"a=1; =own=2; own"}, out), CookieFilterResult::kRewritten);
  EXPECT_EQ(out, "a=1");
  EXPECT_EQ(Filter({"__host-x=1"}, out), CookieFilterResult::kEmpty);
}

}  // namespace
}  // namespace sallyport::http
