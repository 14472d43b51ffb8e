// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/response_head.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

std::error_code ErrorOf(std::string_view text, HeadLimits limits = {}) {
  ResponseHead head;
  const auto used = ParseResponseHead(text, 0, limits, head);
  return used ? std::error_code() : used.error().code;
}

TEST(ResponseHead, AnAnswerIsParsed) {
  const std::string_view text = "HTTP/1.1 404 Not Here\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nno";
  ResponseHead head;
  ASSERT_EQ(ParseResponseHead(text, 0, {}, head), text.size() - 2);
  EXPECT_EQ(head.status, 404);
  EXPECT_EQ(head.reason, "Not Here");
  EXPECT_EQ(head.minor_version, 1);
  EXPECT_EQ(head.fields.Get(HeaderId::kContentLength), "2");
}

TEST(ResponseHead, TheReasonMayBeMissing) {
  ResponseHead head;
  EXPECT_EQ(ParseResponseHead("HTTP/1.0 200 \r\n\r\n", 0, {}, head), std::size_t{17});
  EXPECT_EQ(head.reason, "");
  EXPECT_EQ(head.minor_version, 0);
  EXPECT_EQ(ParseResponseHead("HTTP/1.1 200\r\n\r\n", 0, {}, head), std::size_t{16});
}

TEST(ResponseHead, EveryProperPrefixIsIncomplete) {
  const std::string_view text = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
  ResponseHead head;
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_EQ(ParseResponseHead(text.substr(0, size), size == 0 ? 0 : size - 1, {}, head), std::size_t{0}) << size;
}

TEST(ResponseHead, S25_MalformedAnswersAreRefused) {
  for (const std::string_view text :
       {"HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 099 x\r\n\r\n", "HTTP/1.1 600 x\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 O\x01K\r\n\r\n", "HTTP/1.1 200 OK\n\n", "http/1.1 200 OK\r\n\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\nB: c\r\n\r\n", "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\rX: y\r\n\r\n"})
    EXPECT_EQ(ErrorOf(text), Errc::kMalformed) << text;
  EXPECT_EQ(ErrorOf("HTTP/2.0 200 OK\r\n\r\n"), Errc::kVersion);
  EXPECT_EQ(ErrorOf("HTTP/1.2 200 OK\r\n\r\n"), Errc::kVersion);
  EXPECT_EQ(ErrorOf("HTTP/1.1 200 OK\r\nA: b\r\n\r\n", {.max_head_bytes = 20}), Errc::kHeadTooLarge);
  EXPECT_EQ(ErrorOf("HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n", {.max_fields = 1}), Errc::kHeadTooLarge);
}

TEST(ResponseHead, RegisteredPhrasesAreKnown) {
  EXPECT_EQ(ReasonPhrase(200), "OK");
  EXPECT_EQ(ReasonPhrase(421), "Misdirected Request");
  EXPECT_EQ(ReasonPhrase(299), "");
}

}  // namespace
}  // namespace sallyport::http
