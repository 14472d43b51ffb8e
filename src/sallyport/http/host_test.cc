// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/host.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

Origin OriginOf(std::string_view text) { return *ParseOrigin(text); }

Result<std::string> AuthorityOf(std::string_view text) {
  RequestHead head;
  const auto used = ParseRequestHead(text, 0, {}, head);
  EXPECT_TRUE(used && *used == text.size());
  std::string scratch;
  SALLYPORT_TRY(const Target target, CanonicalTarget(head.raw_target, head.method, scratch));
  SALLYPORT_TRY(const std::string_view authority, RequestAuthority(head, target));
  return std::string(authority);
}

TEST(Host, AuthoritiesAreNormalised) {
  EXPECT_EQ(*ParseAuthority("App.Example.COM"), (Authority{"app.example.com", 0}));
  EXPECT_EQ(*ParseAuthority("app.example.com.:8080"), (Authority{"app.example.com", 8080}));
  EXPECT_EQ(*ParseAuthority("a:"), (Authority{"a", 0}));
  EXPECT_EQ(*ParseAuthority("127.0.0.1:1"), (Authority{"127.0.0.1", 1}));
  EXPECT_EQ(*ParseAuthority("[0:0::1]:443"), (Authority{"[::1]", 443}));
  EXPECT_EQ(*ParseAuthority("[2001:DB8::A]"), (Authority{"[2001:db8::a]", 0}));
}

TEST(Host, S20_WhatIsNoAuthorityIsRefused) {
  for (const std::string_view text :
       {"", ".", "..", "a..", "a..:80", "a..b", ".a", ":80", "a:0", "a:65536", "a:+1", "a:8x", "a:123456", "u@a", "a/b", "a b", "a\\b", "a%2fb", "a,b", "a#b", "a?b",
        "[::1", "::1", "[::1]x", "[]", "[zz]", "[::1%25eth0]", "[127.0.0.1", "a:80:80", "b\xc3\xbc" "cher.example", "a\tb", "*"})
    EXPECT_FALSE(ParseAuthority(text)) << text;
  EXPECT_FALSE(ParseAuthority(std::string(254, 'a')));
}

TEST(Host, S28_AddressesOriginComparesHostAndPort) {
  const Origin https = OriginOf("https://app.example.com");
  for (const std::string_view yes : {"app.example.com", "APP.example.com", "app.example.com:443", "app.example.com.", "app.example.com.:443"})
    EXPECT_TRUE(AddressesOrigin(yes, https)) << yes;
  for (const std::string_view no : {"app.example.com:80", "evil.example", "app.example.com.evil.example", "xapp.example.com", "", "app.example.com@evil",
                                    "app.example.com:443:443", "app.example.com:0443x", "app.example.com.."})
    EXPECT_FALSE(AddressesOrigin(no, https)) << no;
  EXPECT_TRUE(AddressesOrigin("localhost:8080", OriginOf("http://localhost:8080")));
  EXPECT_FALSE(AddressesOrigin("localhost", OriginOf("http://localhost:8080")));
  EXPECT_TRUE(AddressesOrigin("[0:0:0:0:0:0:0:1]:8080", OriginOf("http://[::1]:8080")));
  EXPECT_FALSE(AddressesOrigin("[::2]:8080", OriginOf("http://[::1]:8080")));
}

TEST(Host, S25_HostMustBeThereExactlyOnce) {
  EXPECT_EQ(*AuthorityOf("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "a");
  EXPECT_EQ(*AuthorityOf("GET / HTTP/1.0\r\n\r\n"), "");
  for (const std::string_view text : {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                                      "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n"})
    EXPECT_EQ(AuthorityOf(text).error().code, Errc::kBadHost) << text;
}

TEST(Host, S20_TheAbsoluteTargetMustNameTheSameHost) {
  EXPECT_EQ(*AuthorityOf("GET http://a:1/ HTTP/1.1\r\nHost: A:1\r\n\r\n"), "A:1");
  EXPECT_EQ(*AuthorityOf("GET http://a/ HTTP/1.0\r\n\r\n"), "a");
  EXPECT_EQ(AuthorityOf("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n").error().code, Errc::kBadHost);
  EXPECT_EQ(AuthorityOf("GET http://a/ HTTP/1.1\r\n\r\n").error().code, Errc::kBadHost);
  EXPECT_EQ(AuthorityOf("GET http://a:x/ HTTP/1.0\r\n\r\n").error().code, Errc::kBadHost);
}

}  // namespace
}  // namespace sallyport::http
