// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/query.h"

#include <gtest/gtest.h>

#include "sallyport/http/form.h"

namespace sallyport::http {
namespace {

TEST(Query, PairsAreDecodedInOrder) {
  const auto query = ParseQuery("a=1&b=%C3%A9+x&&c&=d&a=2");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->items().size(), 5u);
  EXPECT_EQ(query->Find("a"), "1");
  EXPECT_EQ(query->Count("a"), 2u);
  EXPECT_EQ(query->Find("b"), "é x");
  EXPECT_EQ(query->Find("c"), "");
  EXPECT_EQ(query->Find(""), "d");
  EXPECT_EQ(query->Find("z"), std::nullopt);
}

TEST(Query, S44_ASingleValueIsNeitherMissingNorEmptyNorRepeated) {
  const auto query = ParseQuery("a=1&b=&c=1&c=1");
  EXPECT_EQ(query->FindSingle("a"), "1");
  EXPECT_EQ(query->FindSingle("b"), std::nullopt);
  EXPECT_EQ(query->FindSingle("c"), std::nullopt);
  EXPECT_EQ(query->FindSingle("d"), std::nullopt);
}

TEST(Query, BrokenInputIsRefused) {
  for (const std::string_view text : {"a=%", "a=%4", "a=%zz", "%=1", "a=%ff", "a=%00", "a=\xff"}) EXPECT_EQ(ParseQuery(text).error().code, Errc::kBadForm) << text;
}

TEST(Query, LimitsHold) {
  EXPECT_TRUE(ParseQuery("a&b", {.max_parameters = 2}));
  EXPECT_FALSE(ParseQuery("a&b&c", {.max_parameters = 2}));
  EXPECT_FALSE(ParseQuery("abcd", {.max_bytes = 3}));
}

TEST(Query, RawParametersAreFoundWithoutDecoding) {
  EXPECT_EQ(FindRawParameter("a=%20&b=2", "a"), "%20");
  EXPECT_EQ(FindRawParameter("xa=1&b", "b"), "");
  EXPECT_EQ(FindRawParameter("xa=1", "a"), std::nullopt);
}

TEST(Query, BuildingEncodes) {
  EXPECT_EQ(QueryBuilder().Add("a b", "c&d=é~").Add("x", "").str(), "a+b=c%26d%3D%C3%A9%7E&x=");
  EXPECT_EQ(EncodeUriComponent("a b/é!'()*~-._"), "a%20b%2F%C3%A9!'()*~-._");
  EXPECT_EQ(WithParameter("/a", "e", "x"), "/a?e=x");
  EXPECT_EQ(WithParameter("/a?b=1#f", "e", "x"), "/a?b=1&e=x#f");
  EXPECT_EQ(WithParameter("/a?", "e", "x"), "/a?e=x");
}

TEST(Form, TheTypeIsRecognised) {
  EXPECT_TRUE(IsUrlencodedForm("application/x-www-form-urlencoded"));
  EXPECT_TRUE(IsUrlencodedForm("Application/X-WWW-Form-Urlencoded; charset=UTF-8"));
  EXPECT_FALSE(IsUrlencodedForm("application/x-www-form-urlencoded; charset=utf-16"));
  EXPECT_FALSE(IsUrlencodedForm("application/json"));
  EXPECT_FALSE(IsUrlencodedForm(""));
  EXPECT_EQ(ParseForm("email=a%40b.c&password=x+y")->Find("password"), "x y");
}

}  // namespace
}  // namespace sallyport::http
