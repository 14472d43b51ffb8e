// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/media_type.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

TEST(MediaType, TypesAreComparedWithoutParameters) {
  EXPECT_TRUE(IsMediaType("Text/HTML ; charset=x", "text/html"));
  EXPECT_FALSE(IsMediaType("text/htmlx", "text/html"));
  EXPECT_TRUE(IsJsonType("application/json;charset=utf-8"));
  EXPECT_TRUE(IsJsonType("application/problem+json"));
  for (const std::string_view no : {"text/json", "application/jsonp", "application/+json", "", "image/svg+xml"}) EXPECT_FALSE(IsJsonType(no)) << no;
}

TEST(MediaType, ParametersAreUnquoted) {
  EXPECT_EQ(MediaTypeParameter("a/b; X=\"q;\\\"r\" ; y=2;", "x"), "q;\"r");
  EXPECT_EQ(MediaTypeParameter("a/b; x=1; y=2", "Y"), "2");
  for (const std::string_view bad : {"a/b", "a/b; x", "a/b; x=", "a/b; x=1; x=1", "a/b; x=\"1", "a/b; x=1 2", "a/b; =1", "a/b; x=\"1\\"})
    EXPECT_EQ(MediaTypeParameter(bad, "x"), std::nullopt) << bad;
}

TEST(Accept, ThePreferredFormatFollowsQuality) {
  EXPECT_EQ(PreferredFormat("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), Preference::kHtml);
  EXPECT_EQ(PreferredFormat("application/json, text/plain, */*"), Preference::kJson);
  EXPECT_EQ(PreferredFormat("text/html;q=0.5, application/json"), Preference::kJson);
  EXPECT_EQ(PreferredFormat("application/json;q=0.5, text/html;q=0.6"), Preference::kHtml);
  EXPECT_EQ(PreferredFormat("application/json, text/html"), Preference::kHtml);
  EXPECT_EQ(PreferredFormat("text/*, application/json"), Preference::kJson);
  EXPECT_EQ(PreferredFormat("application/problem+json"), Preference::kJson);
}

TEST(Accept, SayingNothingIsNone) {
  for (const std::string_view accept : {"", "*/*", "image/png", "text/html;q=0", "text/html;q=x", "text/html;q=2", ",,"})
    EXPECT_EQ(PreferredFormat(accept), Preference::kNone) << accept;
}

}  // namespace
}  // namespace sallyport::http
