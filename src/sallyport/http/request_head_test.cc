// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/request_head.h"

#include <gtest/gtest.h>

#include <memory>

namespace sallyport::http {
namespace {

struct Outcome {
  std::size_t used = 0;
  std::error_code error;
  RequestHead head;
};

// Parses from a heap buffer of exactly the right size, so that ASan sees any read beyond it.
Outcome Parse(std::string_view text, HeadLimits limits = {}) {
  Outcome out;
  static std::unique_ptr<char[]> bytes;  // keeps the views of the last call alive
  bytes = std::make_unique<char[]>(text.size());
  std::copy(text.begin(), text.end(), bytes.get());
  auto used = ParseRequestHead({bytes.get(), text.size()}, 0, limits, out.head);
  if (used) out.used = *used;
  else out.error = used.error().code;
  return out;
}

Outcome ParseFieldLine(std::string_view line) { return Parse("GET / HTTP/1.1\r\nHost: a\r\n" + std::string(line) + "\r\n\r\n"); }

TEST(RequestHead, ABrowserLikeHeadIsParsedInPlace) {
  const std::string text = "POST /a?b HTTP/1.1\r\nHost: app.example.com\r\nCookie:a=b\r\nX-Empty:\r\nX-Space: \t v w \t\r\n\r\nbody";
  const Outcome out = Parse(text);
  ASSERT_EQ(out.used, text.size() - 4);
  EXPECT_EQ(out.head.method, Method::kPost);
  EXPECT_EQ(out.head.method_name, "POST");
  EXPECT_EQ(out.head.raw_target, "/a?b");
  EXPECT_EQ(out.head.minor_version, 1);
  ASSERT_EQ(out.head.fields.size(), 4u);
  EXPECT_EQ(out.head.fields.Get(HeaderId::kCookie), "a=b");
  EXPECT_EQ(out.head.fields.Find("x-empty")->value, "");
  EXPECT_EQ(out.head.fields.Find("x-space")->value, "v w");
}

TEST(RequestHead, EveryProperPrefixIsIncomplete) {
  const std::string text = "\r\nGET /path HTTP/1.0\r\nHost: a\r\nSome-Long-Header-Name-Here: a value with some length\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const Outcome out = Parse(std::string_view(text).substr(0, size));
    EXPECT_EQ(out.used, 0u) << size;
    EXPECT_FALSE(out.error) << size << out.error.message();
  }
  EXPECT_EQ(Parse(text).used, text.size());
  EXPECT_EQ(Parse(text).head.minor_version, 0);
}

TEST(RequestHead, ByteByByteWithAlreadyScannedGivesTheSame) {
  const std::string text = "\r\nGET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n";
  RequestHead head;
  for (std::size_t size = 1; size < text.size(); ++size) {
    const auto used = ParseRequestHead(std::string_view(text).substr(0, size), size - 1, {}, head);
    ASSERT_TRUE(used) << size;
    EXPECT_EQ(*used, 0u) << size;
  }
  EXPECT_EQ(ParseRequestHead(text, text.size() - 1, {}, head), text.size());
}

TEST(RequestHead, S25_BareLineFeedIsRefusedAlsoWhenItArrivesLate) {
  const std::string text = "GET / HTTP/1.1\r\nHost: a\n";
  RequestHead head;
  EXPECT_EQ(ParseRequestHead(std::string_view(text).substr(0, text.size() - 1), 0, {}, head), std::size_t{0});
  const auto used = ParseRequestHead(text, text.size() - 1, {}, head);
  ASSERT_FALSE(used);
  EXPECT_TRUE(used.error().Is(Errc::kMalformed));
}

TEST(RequestHead, S25_MalformedRequestLinesAreRefused) {
  for (const std::string_view line :
       {" GET / HTTP/1.1", "GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET / HTTP/1.1 ", "GET /", "GET HTTP/1.1", "G\x01T / HTTP/1.1",
        "GET / http/1.1", "GET / HTTP/1.1x", "GET / HTTP/11", "GET /\x7f HTTP/1.1", "GET /\xc3\xa9 HTTP/1.1", "GET\t/ HTTP/1.1",
        "GET /\t HTTP/1.1", "(GET) / HTTP/1.1", ": / HTTP/1.1", "\r\nGET / HTTP/1.1", "GET / FTP/1.1", "GET / HTTP/1.x"}) {
    const Outcome out = Parse("\r\n" + std::string(line) + "\r\nHost: a\r\n\r\n");
    EXPECT_EQ(out.error, Errc::kMalformed) << line;
  }
  EXPECT_EQ(Parse(std::string_view("GET /\0 HTTP/1.1\r\n\r\n", 20)).error, Errc::kMalformed);
  EXPECT_EQ(Parse("GET / HTTP/1.1\nHost: a\n\n").error, Errc::kMalformed);
  EXPECT_EQ(Parse("GET / HTTP/1.1\rHost: a\r\n\r\n").error, Errc::kMalformed);
  EXPECT_EQ(Parse("\nGET / HTTP/1.1\r\n\r\n").error, Errc::kMalformed);
}

TEST(RequestHead, S25_MalformedFieldLinesAreRefused) {
  for (const std::string_view line :
       {"A : b", "A\t: b", ": b", "A", "A b: c", " A: b", "\tA: b", "A: b\r\n c", "A: b\r\n\tc", "A: b\rc", "A: b\nC: d", "A: \x01",
        "A: \x7f", "A\x80: b", "A(: b", "A:b\r", "Transfer-Encoding\x0b: chunked", "A: \x1b[0m",
        "Transfer-Encoding: chunked\t", "Content-Length: 1 "}) {
    EXPECT_EQ(ParseFieldLine(line).error, Errc::kMalformed) << line;
  }
  EXPECT_EQ(ParseFieldLine(std::string_view("A: b\0c", 6)).error, Errc::kMalformed);
  EXPECT_EQ(ParseFieldLine(std::string_view("A\0: b", 5)).error, Errc::kMalformed);
}

TEST(RequestHead, ControlsAreFoundAtEveryOffset) {
  for (std::size_t at = 0; at < 70; ++at) {
    std::string value(70, 'v'), name(70, 'n');
    value[at] = '\x02';
    name[at] = '\x7f';
    EXPECT_EQ(ParseFieldLine("A: " + value).error, Errc::kMalformed) << at;
    EXPECT_EQ(ParseFieldLine(name + ": v").error, Errc::kMalformed) << at;
  }
}

TEST(RequestHead, ObsTextAndTabsInValuesAreAccepted) {
  const Outcome out = ParseFieldLine("A: caf\xe9\tb");
  ASSERT_NE(out.used, 0u);
  EXPECT_EQ(out.head.fields.Find("A")->value, "caf\xe9\tb");
}

TEST(RequestHead, EveryTokenCharacterMayStandInAName) {
  const std::string name = "!#$%&'*+-.^_`|~0aZ!#$%&'*+-.^_`|~0aZ";
  EXPECT_EQ(ParseFieldLine(name + ": 1").head.fields.fields()[1].name, name);
}

TEST(RequestHead, OtherVersionsAre505) {
  EXPECT_EQ(Parse("GET / HTTP/2.0\r\n\r\n").error, Errc::kVersion);
  EXPECT_EQ(Parse("GET / HTTP/0.9\r\n\r\n").error, Errc::kVersion);
  EXPECT_EQ(Parse("GET / HTTP/1.2\r\n\r\n").error, Errc::kVersion);
  EXPECT_EQ(Parse("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").error, Errc::kVersion);
}

TEST(RequestHead, S25_TraceTrackAndConnectAreRefused) {
  for (const std::string method : {"TRACE", "TRACK", "CONNECT", "Trace", "connect"})
    EXPECT_EQ(Parse(method + " / HTTP/1.1\r\n\r\n").error, Errc::kMethodNotAllowed) << method;
}

TEST(RequestHead, UnknownMethodsAreUnsafe) {
  const Outcome out = Parse("PROPFIND / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(out.head.method, Method::kOther);
  EXPECT_EQ(out.head.method_name, "PROPFIND");
  EXPECT_FALSE(IsSafe(out.head.method));
  EXPECT_FALSE(IsIdempotent(out.head.method));
  EXPECT_EQ(Parse("get / HTTP/1.1\r\n\r\n").head.method, Method::kOther);
  EXPECT_EQ(Parse("MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM / HTTP/1.1\r\n\r\n").error, Errc::kMalformed);
}

TEST(RequestHead, KnownMethodsAreRecognised) {
  const std::pair<const char*, Method> kMethods[] = {{"GET", Method::kGet},     {"HEAD", Method::kHead},   {"POST", Method::kPost},
                                                     {"PUT", Method::kPut},     {"PATCH", Method::kPatch}, {"DELETE", Method::kDelete},
                                                     {"OPTIONS", Method::kOptions}};
  for (const auto& [name, method] : kMethods) EXPECT_EQ(Parse(std::string(name) + " / HTTP/1.1\r\n\r\n").head.method, method) << name;
}

TEST(RequestHead, LimitsAreExact) {
  const std::string head = "GET /abc HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n";
  EXPECT_EQ(Parse(head, {.max_head_bytes = head.size()}).used, head.size());
  EXPECT_EQ(Parse(head + "pipelined", {.max_head_bytes = head.size()}).used, head.size());
  EXPECT_EQ(Parse(head, {.max_head_bytes = head.size() - 1}).error, Errc::kHeadTooLarge);
  EXPECT_EQ(Parse(head, {.max_target_bytes = 4}).used, head.size());
  EXPECT_EQ(Parse(head, {.max_target_bytes = 3}).error, Errc::kTargetTooLong);
  EXPECT_EQ(Parse(head, {.max_fields = 2}).used, head.size());
  EXPECT_EQ(Parse(head, {.max_fields = 1}).error, Errc::kHeadTooLarge);
  EXPECT_EQ(Parse(head, {.max_fields = 100000}).used, head.size());
}

TEST(RequestHead, AnEndlessTargetIs414BeforeItsEnd) {
  EXPECT_EQ(Parse("GET /" + std::string(9000, 'a')).error, Errc::kTargetTooLong);
  EXPECT_EQ(Parse("GET / HTTP/1.1\r\nA: " + std::string(17000, 'a')).error, Errc::kHeadTooLarge);
}

}  // namespace
}  // namespace sallyport::http
