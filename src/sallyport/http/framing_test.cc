// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/framing.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

Result<Framing> Request(std::string fields, int minor = 1) {
  const std::string text = "POST / HTTP/1." + std::to_string(minor) + "\r\n" + std::move(fields) + "\r\n";
  RequestHead head;
  const auto used = ParseRequestHead(text, 0, {}, head);
  EXPECT_TRUE(used && *used == text.size()) << text;
  return FrameRequest(head);
}

Result<Framing> Response(int status, std::string fields, Method method = Method::kGet, int minor = 1) {
  const std::string text = "HTTP/1." + std::to_string(minor) + " " + std::to_string(status) + " x\r\n" + std::move(fields) + "\r\n";
  ResponseHead head;
  const auto used = ParseResponseHead(text, 0, {}, head);
  EXPECT_TRUE(used && *used == text.size()) << text;
  return FrameResponse(head, method);
}

TEST(Framing, ARequestWithoutLengthHasNoBody) { EXPECT_EQ(Request("")->kind, BodyKind::kNone); }

TEST(Framing, LengthAndChunkedAreTold) {
  EXPECT_EQ(Request("Content-Length: 42\r\n")->length, 42u);
  EXPECT_EQ(Request("Content-Length: 42\r\n")->kind, BodyKind::kLength);
  EXPECT_EQ(Request("Content-Length: 0\r\n")->kind, BodyKind::kLength);
  EXPECT_EQ(Request("Content-Length: 9999999999999999999\r\n")->length, 9999999999999999999ULL);
  EXPECT_EQ(Request("Transfer-Encoding: Chunked\r\n")->kind, BodyKind::kChunked);
}

TEST(Framing, S25_DoubtfulLengthsAreRefused) {
  for (const std::string_view value : {"", "+1", "-1", "1 ,1", "1, 1", "0x10", "1 1", "1a", "99999999999999999999", "1.0", "\t1\xa0", "٣"})
    EXPECT_EQ(Request("Content-Length: " + std::string(value) + "\r\n").error().code, Errc::kFraming) << value;
  EXPECT_EQ(Request("Content-Length: 1\r\nContent-Length: 1\r\n").error().code, Errc::kFraming);
  EXPECT_EQ(Request("Content-Length: 1\r\ncontent-length: 2\r\n").error().code, Errc::kFraming);
}

TEST(Framing, S25_LengthWithTransferEncodingIsRefused) {
  EXPECT_EQ(Request("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n").error().code, Errc::kFraming);
  EXPECT_EQ(Request("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n").error().code, Errc::kFraming);
  EXPECT_EQ(Response(200, "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n").error().code, Errc::kFraming);
}

TEST(Framing, S25_DoubtfulTransferEncodingsAreRefused) {
  EXPECT_EQ(Request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n").error().code, Errc::kFraming);
  EXPECT_EQ(Request("Transfer-Encoding: chunked\r\n", 0).error().code, Errc::kFraming);
  for (const std::string_view value : {"", "gzip", "gzip, chunked", "chunked, chunked", "identity", "chunked;q=1", "\"chunked\"", "xchunked",
                                       "chunked,", "chun\xc2\xa0ked"})
    EXPECT_EQ(Request("Transfer-Encoding: " + std::string(value) + "\r\n").error().code, Errc::kUnsupportedCoding) << value;
}

TEST(Framing, PersistenceFollowsVersionAndConnection) {
  EXPECT_TRUE(Request("")->keep_alive);
  EXPECT_FALSE(Request("", 0)->keep_alive);
  EXPECT_FALSE(Request("Connection: close\r\n")->keep_alive);
  EXPECT_FALSE(Request("Connection: keep-alive, Close\r\n")->keep_alive);
  EXPECT_FALSE(Request("Connection: keep-alive\r\nConnection: close\r\n")->keep_alive);
  EXPECT_TRUE(Request("Connection: Keep-Alive\r\n", 0)->keep_alive);
}

TEST(Framing, S25_ConnectionOptionsMustBeTokens) {
  for (const std::string_view value : {"X-\xc2" "A", "close; x", "\"close\"", "close x", "a=b"})
    EXPECT_EQ(Request("Connection: " + std::string(value) + "\r\n").error().code, Errc::kFraming) << value;
  EXPECT_TRUE(Request("Connection:\r\n"));
  EXPECT_TRUE(Request("Connection: , X-A ,\r\n"));
}

TEST(Framing, ExpectIsContinueOr417) {
  EXPECT_TRUE(Request("Expect: 100-Continue\r\nContent-Length: 1\r\n")->expect_continue);
  EXPECT_FALSE(Request("Expect: 100-continue\r\nContent-Length: 1\r\n", 0)->expect_continue);
  EXPECT_FALSE(Request("Expect: 100-continue\r\n")->expect_continue);
  EXPECT_EQ(Request("Expect: coffee\r\n").error().code, Errc::kExpectation);
  EXPECT_EQ(Request("Expect: 100-continue\r\nExpect: 100-continue\r\n").error().code, Errc::kExpectation);
}

TEST(Framing, AnswersWithoutLengthRunUntilClose) {
  EXPECT_EQ(Response(200, "")->kind, BodyKind::kUntilClose);
  EXPECT_FALSE(Response(200, "")->keep_alive);
  EXPECT_EQ(Response(200, "Content-Length: 3\r\n")->kind, BodyKind::kLength);
  EXPECT_TRUE(Response(200, "Content-Length: 3\r\n")->keep_alive);
  EXPECT_EQ(Response(200, "Transfer-Encoding: chunked\r\n")->kind, BodyKind::kChunked);
}

TEST(Framing, SomeAnswersNeverHaveABody) {
  for (const int status : {100, 101, 103, 204, 304}) EXPECT_EQ(Response(status, "")->kind, BodyKind::kNone) << status;
  EXPECT_EQ(Response(200, "Content-Length: 3\r\n", Method::kHead)->kind, BodyKind::kNone);
  EXPECT_EQ(Response(304, "Content-Length: 3\r\n")->kind, BodyKind::kNone);
  EXPECT_TRUE(Response(304, "Content-Length: 3\r\n")->keep_alive);
}

TEST(Framing, S25_AnAnswerThatAnnouncesAnImpossibleBodyEndsItsConnection) {
  EXPECT_FALSE(Response(204, "Content-Length: 3\r\n")->keep_alive);
  EXPECT_FALSE(Response(204, "Transfer-Encoding: chunked\r\n")->keep_alive);
  EXPECT_TRUE(Response(204, "Content-Length: 0\r\n")->keep_alive);
}

TEST(Framing, S25_DoubtfulAnswersAreRefused) {
  EXPECT_EQ(Response(200, "Content-Length: 1\r\nContent-Length: 1\r\n").error().code, Errc::kFraming);
  EXPECT_EQ(Response(200, "Content-Length: 1,1\r\n").error().code, Errc::kFraming);
  EXPECT_EQ(Response(200, "Transfer-Encoding: gzip, chunked\r\n").error().code, Errc::kUnsupportedCoding);
  EXPECT_EQ(Response(200, "Transfer-Encoding: chunked\r\n", Method::kGet, 0).error().code, Errc::kFraming);
  EXPECT_EQ(Response(204, "Content-Length: x\r\n").error().code, Errc::kFraming);
}

}  // namespace
}  // namespace sallyport::http
