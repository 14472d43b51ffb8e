// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/forward_auth/described_request.h"

#include <gtest/gtest.h>

namespace sallyport::gateway {
namespace {

using enum ForwardAuthDialect;

struct Asked {
  std::string text, scratch;
  http::RequestHead head;
  DescribedRequest described;
  bool understood = false;

  Asked(ForwardAuthDialect dialect, std::string request) : text(std::move(request)) {
    if (!http::ParseRequestHead(text, 0, {}, head)) ADD_FAILURE() << "the asking request itself does not parse: " << text;
    else if (!AsksForVerdict(head.raw_target)) ADD_FAILURE() << "does not ask: " << text;
    else understood = ReadDescribed(dialect, head, scratch, described);
  }
};

std::string Asking(const std::string& headers, const std::string& line = "GET /api/auth/verify HTTP/1.1") {
  return line + "\r\nHost: sallyport:8080\r\n" + headers + "\r\n";
}
std::string NginxHeaders(const std::string& url, const std::string& method = "GET") {
  return "X-Original-Method: " + method + "\r\nX-Original-URL: " + url + "\r\n";
}
std::string CaddyHeaders(const std::string& uri, const std::string& host = "app.example.com", const std::string& method = "GET") {
  return "X-Forwarded-Method: " + method + "\r\nX-Forwarded-Host: " + host + "\r\nX-Forwarded-Uri: " + uri + "\r\n";
}

TEST(DescribedRequest, EachDialectIsReadFromItsOwnHeaders) {
  for (const auto dialect : {kNginx, kHaproxy}) {
    const Asked asked(dialect, Asking(NginxHeaders("https://app.example.com/a/b?c=d", "POST")));
    ASSERT_TRUE(asked.understood);
    EXPECT_EQ(asked.described.head.method, http::Method::kPost);
    EXPECT_EQ(asked.described.authority, "app.example.com");
    EXPECT_EQ(asked.described.target.path, "/a/b");
    EXPECT_EQ(asked.described.target.query, "c=d");
  }
  for (const auto dialect : {kTraefik, kCaddy}) {
    const Asked asked(dialect, Asking(CaddyHeaders("/a?b", "app.example.com:8443", "DELETE")));
    ASSERT_TRUE(asked.understood);
    EXPECT_EQ(asked.described.head.method, http::Method::kDelete);
    EXPECT_EQ(asked.described.authority, "app.example.com:8443");
    EXPECT_EQ(asked.described.target.path_and_query, "/a?b");
  }
  const Asked envoy(kEnvoy, "PUT /api/auth/verify/x/y?z HTTP/1.1\r\nHost: app.example.com\r\n\r\n");
  ASSERT_TRUE(envoy.understood);
  EXPECT_EQ(envoy.described.head.method, http::Method::kPut);
  EXPECT_EQ(envoy.described.target.path_and_query, "/x/y?z");
}

TEST(DescribedRequest, TheOtherFieldsAreThoseOfTheAskingRequest) {
  const Asked asked(kNginx, Asking(NginxHeaders("http://app.example.com/") + "Cookie: a=b\r\nOrigin: http://evil.example\r\n"));
  ASSERT_TRUE(asked.understood);
  EXPECT_EQ(asked.described.head.fields.Get(http::HeaderId::kCookie), "a=b");
  EXPECT_EQ(asked.described.head.fields.Get(http::HeaderId::kOrigin), "http://evil.example");
}

TEST(DescribedRequest, S24_HeadersOfAnotherDialectAreNotRead) {
  EXPECT_FALSE(Asked(kNginx, Asking(CaddyHeaders("/a"))).understood);
  EXPECT_FALSE(Asked(kHaproxy, Asking(CaddyHeaders("/a"))).understood);
  EXPECT_FALSE(Asked(kCaddy, Asking(NginxHeaders("http://app.example.com/a"))).understood);
  EXPECT_FALSE(Asked(kTraefik, Asking(NginxHeaders("http://app.example.com/a"))).understood);
  // Both: the own ones count, what a client has smuggled in beside them does not.
  const Asked both(kCaddy, Asking(NginxHeaders("http://evil.example/public") + CaddyHeaders("/private")));
  ASSERT_TRUE(both.understood);
  EXPECT_EQ(both.described.target.path, "/private");
  EXPECT_FALSE(Asked(kEnvoy, Asking(CaddyHeaders("/a"))).understood);
  EXPECT_FALSE(Asked(kCaddy, Asking(CaddyHeaders("/a"), "GET /api/auth/verify/b HTTP/1.1")).understood);
}

TEST(DescribedRequest, S24_RepeatedHeadersInAnySpellingAreRefused) {
  const std::string good = CaddyHeaders("/private");
  ASSERT_TRUE(Asked(kCaddy, Asking(good)).understood);
  for (const char* extra : {"X-Forwarded-Uri: /public", "x-forwarded-uri: /private", "X_Forwarded_Uri: /public", "X-Forwarded_Uri: /public",
                            "X-FORWARDED-HOST: app.example.com", "X_FORWARDED_METHOD: GET"}) {
    EXPECT_FALSE(Asked(kCaddy, Asking(good + extra + "\r\n")).understood) << extra;
    EXPECT_FALSE(Asked(kTraefik, Asking(std::string(extra) + "\r\n" + good)).understood) << extra;
  }
  EXPECT_FALSE(Asked(kNginx, Asking("X_Original_Method: GET\r\nX_Original_URL: http://app.example.com/\r\n")).understood);
  EXPECT_FALSE(Asked(kEnvoy, "GET /api/auth/verify/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").understood);
}

TEST(DescribedRequest, MissingOrEmptyHeadersAreRefused) {
  for (const char* headers : {"", "X-Forwarded-Method: GET\r\nX-Forwarded-Host: a\r\n", "X-Forwarded-Method: GET\r\nX-Forwarded-Uri: /\r\n",
                              "X-Forwarded-Host: a\r\nX-Forwarded-Uri: /\r\n", "X-Forwarded-Method:\r\nX-Forwarded-Host: a\r\nX-Forwarded-Uri: /\r\n"})
    EXPECT_FALSE(Asked(kCaddy, Asking(headers)).understood) << headers;
}

TEST(DescribedRequest, S20_TargetsThatAreNotCanonicalAreRefused) {
  for (const char* path : {"/a//b", "/a/./b", "/a/../b", "/a/%2e%2e/b", "/a/..%2fb", "/a%2fb", "/a%5cb", "/a\\b", "/a;b", "/a#b", "/a?b#c", "/%61", "/a%00",
                           "/a%zz", "/a%", "//evil.example/a", "a", "*", "http://app.example.com/a", "/%c0%ae", "/a b", "/a\tb", "/..", "/{"}) {
    EXPECT_FALSE(Asked(kCaddy, Asking(CaddyHeaders(path))).understood) << path;
    EXPECT_FALSE(Asked(kNginx, Asking(NginxHeaders(std::string("https://app.example.com") + path))).understood) << path;
  }
  for (const char* path : {"/../session", "/..", "/x/../../session", "/%2e%2e/session", "//x", "/x#y"})
    EXPECT_FALSE(Asked(kEnvoy, std::string("GET /api/auth/verify") + path + " HTTP/1.1\r\nHost: app.example.com\r\n\r\n").understood) << path;
}

TEST(DescribedRequest, TheCaseOfEscapesIsMadeCanonical) {
  const Asked asked(kCaddy, Asking(CaddyHeaders("/caf%c3%a9?q=%c3")));
  ASSERT_TRUE(asked.understood);
  EXPECT_EQ(asked.described.target.path, "/caf%C3%A9");
  EXPECT_EQ(asked.described.target.query, "q=%c3");
}

TEST(DescribedRequest, OddMethodsAndHostsAreRefused) {
  for (const char* method : {"TRACE", "CONNECT", "GET /", "GE(T", "GET\tx", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    EXPECT_FALSE(Asked(kCaddy, Asking(CaddyHeaders("/", "app.example.com", method))).understood) << method;
  for (const char* host : {"user@app.example.com", "a b", "app.example.com/", "app.example.com:0", "app.example.com:99999", "a,b", "[::1"})
    EXPECT_FALSE(Asked(kCaddy, Asking(CaddyHeaders("/", host))).understood) << host;
  for (const char* url : {"ftp://app.example.com/", "HTTPS://app.example.com/", "https:///a", "https://user@app.example.com/a", "https://app.example.com", "/a", "//app.example.com/a"})
    EXPECT_FALSE(Asked(kNginx, Asking(NginxHeaders(url))).understood) << url;
  // An unknown method is judged as an unsafe one.
  const Asked odd(kCaddy, Asking(CaddyHeaders("/", "app.example.com", "get")));
  ASSERT_TRUE(odd.understood);
  EXPECT_FALSE(http::IsSafe(odd.described.head.method));
}

TEST(DescribedRequest, OnlyTheLiteralPathAsks) {
  EXPECT_TRUE(AsksForVerdict("/api/auth/verify"));
  EXPECT_TRUE(AsksForVerdict("/api/auth/verify?x"));
  EXPECT_TRUE(AsksForVerdict("/api/auth/verify/../session"));   // an envoy's path: never another endpoint
  for (const char* target : {"/api/auth/verifyx", "/api/auth/verify-request", "/api/auth//verify", "/api/auth", "http://h/api/auth/verify", "*", ""})
    EXPECT_FALSE(AsksForVerdict(target)) << target;
}

}  // namespace
}  // namespace sallyport::gateway
