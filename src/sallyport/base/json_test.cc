// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/json.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include <string>

namespace sallyport {
namespace {

std::string Nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, DocumentComesBackAsItWas) {
  const std::string text =
      R"({"a":[1,-2,2.5E0,true,false,null,"x\n\u00e9"],"b":{},"c":[],"big":18446744073709551615,"":{"a":{"a":"deep"}}})";
  const auto value = ParseJson(text);
  ASSERT_TRUE(value) << value.error().ToLogString();
  EXPECT_EQ(*value, json::parse(text));
}

TEST(Json, LongStringsThatCrossTheParsersBufferStayWhole) {
  const std::string escaped = "\\u0041" + std::string(5000, 'x') + "\\n" + std::string(5000, 'y');
  const auto object = ParseJsonObject("{\"" + std::string(3000, 'k') + "\":\"" + escaped + "\"}");
  ASSERT_TRUE(object);
  EXPECT_EQ(GetString(*object, std::string(3000, 'k')), "A" + std::string(5000, 'x') + "\n" + std::string(5000, 'y'));
}

TEST(Json, S40_MemberThatStandsTwiceIsRefusedAtEveryDepth) {
  for (const char* bad : {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":null})", R"([{"x":{"a":1,"a":2}}])", R"({"a":1,"\u0061":2})",
                          R"({"":1,"":2})"})
    EXPECT_FALSE(ParseJson(bad)) << bad;
  EXPECT_TRUE(ParseJson(R"({"a":{"a":1},"b":{"a":1},"A":0})"));
}

TEST(Json, MalformedTextIsRefused) {
  for (const std::string bad : {"", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "+1", ".5", "1.", "NaN", "Infinity",
                                "tru", "[1] x", "{}{}", "/*c*/1", "1//c", "\"\x01\"", "\"\xff\"", "\"\xc0\xaf\"",
                                "\"\xed\xa0\x80\"", R"("\ud800")", R"("\x")", "\xef\xbb\xbf{}", "[1 2]", "nul"})
    EXPECT_FALSE(ParseJson(bad)) << bad;
  EXPECT_FALSE(ParseJson(std::string_view("1\0", 2)));
}

TEST(Json, NumbersThatNoDoubleHoldsAreRefused) {
  for (const char* bad : {"1e66666666", "-22e66666666", "[1e999]", "1e400"}) EXPECT_FALSE(ParseJson(bad)) << bad;
  EXPECT_TRUE(ParseJson("1e-400"));
}

TEST(Json, SpaceAroundTheDocumentIsFine) { EXPECT_TRUE(ParseJson(" \t\r\n{} \n")); }

TEST(Json, DepthAndSizeAreBounded) {
  EXPECT_TRUE(ParseJson(Nested(16)));
  EXPECT_FALSE(ParseJson(Nested(17)));
  EXPECT_FALSE(ParseJson(std::string(100'000, '[')));
  EXPECT_TRUE(ParseJson("[10]", {.max_bytes = 4}));
  EXPECT_FALSE(ParseJson("[100]", {.max_bytes = 4}));
}

TEST(Json, ErrorsNeverQuoteTheInput) {
  const auto value = ParseJson(R"({"password":"hunter2" "hunter2"})");
  ASSERT_FALSE(value);
  EXPECT_TRUE(value.error().code == std::errc::invalid_argument);
  EXPECT_EQ(value.error().detail.find("hunter2"), std::string::npos);
}

TEST(Json, S44_MembersOfAnotherTypeAreNotCoerced) {
  const auto object = ParseJsonObject(R"({"s":"1","n":1,"d":1.0,"u":18446744073709551615,"z":null,"a":["x"]})");
  ASSERT_TRUE(object);
  EXPECT_EQ(GetString(*object, "s"), "1");
  EXPECT_EQ(GetInteger(*object, "n"), 1);
  for (const char* name : {"n", "z", "a", "missing"}) EXPECT_FALSE(GetString(*object, name)) << name;
  for (const char* name : {"s", "d", "u", "z", "a", "missing"}) EXPECT_FALSE(GetInteger(*object, name)) << name;
}

TEST(Json, TopLevelMustBeAnObjectWhereOneIsAskedFor) {
  for (const char* bad : {"[]", "null", "1", "\"{}\""}) EXPECT_FALSE(ParseJsonObject(bad)) << bad;
}

}  // namespace
}  // namespace sallyport
