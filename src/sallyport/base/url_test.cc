// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/url.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

TEST(Url, PartsAreTakenApartAndNormalised) {
  const auto url = ParseUrl("HTTPS://App.Example.com:8443/a/b?x=1&y=%20");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->origin, (Origin{"https", "app.example.com", 8443}));
  EXPECT_EQ(url->path, "/a/b");
  EXPECT_EQ(url->query, "x=1&y=%20");
  EXPECT_EQ(url->ToString(), "https://app.example.com:8443/a/b?x=1&y=%20");
  EXPECT_TRUE(url->origin.secure());
}

TEST(Url, DefaultPortIsLeftOut) {
  EXPECT_EQ(ParseUrl("http://h:80")->ToString(), "http://h/");
  EXPECT_EQ(ParseUrl("https://h:443/")->origin.Authority(), "h");
  EXPECT_EQ(ParseUrl("https://h:80/")->origin.Authority(), "h:80");
  EXPECT_EQ(ParseUrl("http://h:/x")->origin.port, 80);
}

TEST(Url, QueryMayFollowTheHostDirectly) {
  const auto url = ParseUrl("http://h?q");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->PathAndQuery(), "/?q");
}

TEST(Url, Ipv6LiteralsKeepTheirBrackets) {
  const auto url = ParseUrl("http://[::1]:3000/x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->origin.host, "[::1]");
  EXPECT_EQ(url->origin.port, 3000);
}

TEST(Url, WhatIsNoPlainHttpUrlIsRefused) {
  for (const char* bad : {"", "example.com", "//h/", "ftp://h/", "javascript://h/", "http://", "http:///x", "http://u@h/",
                          "http://u:p@h/", "http://h#f", "http://h/ x", "http://h\\x", "http://h\n", "http://h:0/",
                          "http://h:65536/", "http://h:x/", "http://h:1:2/", "http://[::1/", "http://[::1]x/", "http://[g::]/",
                          "http://h_$/", "http://\xc3\xa9/", "http://%41/"})
    EXPECT_FALSE(ParseUrl(bad)) << bad;
}

TEST(Url, OriginHasNoPathAndNoQuery) {
  EXPECT_EQ(ParseOrigin("https://app.example.com")->ToString(), "https://app.example.com");
  EXPECT_TRUE(ParseOrigin("https://app.example.com/"));
  for (const char* bad : {"https://h/x", "https://h/?q", "https://h?q"}) EXPECT_FALSE(ParseOrigin(bad)) << bad;
}

TEST(Url, PercentEncodingRoundTripsEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(PercentDecode(PercentEncode(all)), all);
  EXPECT_EQ(PercentEncode("a-._~ /\xc3\xa9"), "a-._~%20%2F%C3%A9");
  EXPECT_EQ(PercentDecode("a+b%2b"), "a+b+");
}

TEST(Url, BrokenEscapesAreRefused) {
  for (const char* bad : {"%", "%4", "a%4", "%zz", "%4g", "%%41"}) EXPECT_FALSE(PercentDecode(bad)) << bad;
}

}  // namespace
}  // namespace sallyport
