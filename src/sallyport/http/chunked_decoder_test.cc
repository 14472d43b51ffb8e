// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sallyport/http/framing.h"

namespace sallyport::http {
namespace {

struct Decoded {
  std::string body;
  bool done = false, failed = false;
  std::size_t consumed = 0;
};

Decoded Decode(std::string_view input, std::size_t piece = std::string_view::npos) {
  Decoded out;
  ChunkedDecoder decoder;
  while (out.consumed < input.size() && !out.done) {
    const std::string_view part = input.substr(out.consumed, piece);
    const auto step = decoder.Feed(part);
    if (!step) {
      EXPECT_EQ(step.error().code, Errc::kFraming);
      out.failed = true;
      return out;
    }
    out.body += step->data;
    out.consumed += step->consumed;
    out.done = step->done;
    if (step->consumed == 0 && step->data.empty()) break;
  }
  return out;
}

TEST(ChunkedDecoder, BodiesAreDecodedHoweverTheyArrive) {
  const std::string text = "5\r\nhello\r\n0A;ext=1;q=\"a;\\\"b\"\r\n0123456789\r\n1\r\n!\r\n000\r\nX-Sum: x\r\nB:\r\n\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::string::npos}) {
    const Decoded out = Decode(text + "GET next", piece);
    EXPECT_TRUE(out.done) << piece;
    EXPECT_EQ(out.body, "hello0123456789!");
    EXPECT_EQ(out.consumed, text.size());
  }
}

TEST(ChunkedDecoder, AnIncompleteBodyIsNotDone) {
  const std::string text = "3\r\nabc\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const Decoded out = Decode(std::string_view(text).substr(0, size));
    EXPECT_FALSE(out.done) << size;
    EXPECT_FALSE(out.failed) << size;
  }
}

TEST(ChunkedDecoder, S25_MalformedChunksAreRefused) {
  for (const std::string_view text :
       {"\r\n", "g\r\n", "-1\r\n", "+1\r\na\r\n", "0x1\r\n", " 1\r\n", "1 \r\na\r\n", "1\na\r\n", "1\r\nab\r\n", "1\r\na\n", "1\r\na\rx",
        "1;\r\na\r\n", "1; a\r\n", "1;a=\r\n", "1;a=\"x\r\n", "1;a\n", "1\rx", "00000000000000000\r\n", "0\r\nA\r\n\r\n", "0\r\n A: b\r\n\r\n",
        "0\r\nA : b\r\n\r\n", "0\r\nA: b\nC: d\r\n", "0\r\n\n", "0\r\nA: \x01\r\n", "0\r\n:\r\n", "0\r\nA: b\r\n\rx", "1,1\r\n", "1;a=b c\r\n"})
    EXPECT_TRUE(Decode(text).failed) << text;
  EXPECT_TRUE(Decode(std::string_view("1\0\r\na\r\n", 7)).failed);
}

TEST(ChunkedDecoder, S25_TrailersThatWouldFrameAreRefused) {
  for (const std::string name : {"Transfer-Encoding", "content-length", "HOST", "Connection", "Upgrade", "Te", "Trailer", "Proxy-Connection"})
    EXPECT_TRUE(Decode("0\r\nA: b\r\n" + name + ": 1\r\n\r\n").failed) << name;
  EXPECT_TRUE(Decode("0\r\nX-Auth-Subject: 1\r\nTransfer-Encoding-Of-A-Long-Name: 1\r\nServer-Timing: a\r\n\r\n").done);
}

TEST(ChunkedDecoder, SizesGoToSixteenDigits) {
  ChunkedDecoder decoder;
  EXPECT_TRUE(decoder.Feed("ffffffffffffffff\r\nx"));
  decoder.Reset();
  EXPECT_FALSE(decoder.Feed("fffffffffffffffff\r\n"));
}

TEST(ChunkedDecoder, S25_ExtensionsAndTrailersAreBounded) {
  EXPECT_TRUE(Decode("1;" + std::string(9000, 'a') + "\r\n").failed);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "1;aaaaaaaaa\r\nx\r\n";
  EXPECT_TRUE(Decode(many).failed);
  EXPECT_TRUE(Decode("0\r\nA: " + std::string(9000, 'a') + "\r\n\r\n").failed);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 1000; ++i) trailers += "Abcdef: xyz\r\n";
  EXPECT_TRUE(Decode(trailers + "\r\n").failed);
}

}  // namespace
}  // namespace sallyport::http
