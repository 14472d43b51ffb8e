// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/head_writer.h"

#include <gtest/gtest.h>

#include "sallyport/http/request_head.h"

namespace sallyport::http {
namespace {

// The head that `text` becomes when what `mark` chooses is dropped and `add` is added.
template <class Mark>
std::string Rewrite(std::string text, Mark mark, std::vector<HeaderField> add = {}, std::string_view raw = "") {
  RequestHead head;
  const auto used = ParseRequestHead(text, 0, {}, head);
  EXPECT_TRUE(used && *used == text.size());
  HeadEdits edits;
  mark(head.fields, edits.drop);
  edits.add = add;
  edits.raw_block = raw;
  std::string out = "before|";
  WriteHead(out, "GET /x HTTP/1.1", head.fields.fields(), edits);
  return out;
}

void DropNothing(const HeaderTable&, FieldMask&) {}

TEST(HeadWriter, FieldsPassAndAreNormalisedToOneSpace) {
  EXPECT_EQ(Rewrite("GET / HTTP/1.1\r\nHost: a\r\nA:b\r\nC:  d \r\nE: f\r\nG: h\r\nEmpty:\r\n\r\n", DropNothing),
            "before|GET /x HTTP/1.1\r\nHost: a\r\nA: b\r\nC: d\r\nE: f\r\nG: h\r\nEmpty: \r\n\r\n");
}

TEST(HeadWriter, DroppedFieldsAreLeftOutAndAddedOnesComeLast) {
  const auto drop = [](const HeaderTable&, FieldMask& mask) { mask.set(1).set(3); };
  EXPECT_EQ(Rewrite("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nC: d\r\nE: f\r\nG: h\r\n\r\n", drop, {{"X", "y"}, {"Z", ""}}, "R: s\r\n"),
            "before|GET /x HTTP/1.1\r\nHost: a\r\nC: d\r\nG: h\r\nX: y\r\nZ: \r\nR: s\r\n\r\n");
}

TEST(HeadWriter, EveryMaskGivesTheSameAsFieldByField) {
  const std::string text = "GET / HTTP/1.1\r\nA: 1\r\nB:2\r\nC: 3\r\nD: 4 \r\nE: 5\r\nF: 6\r\n\r\n";
  const std::string lines[] = {"A: 1\r\n", "B: 2\r\n", "C: 3\r\n", "D: 4\r\n", "E: 5\r\n", "F: 6\r\n"};
  for (unsigned bits = 0; bits < 64; ++bits) {
    std::string expected = "before|GET /x HTTP/1.1\r\n";
    for (std::size_t i = 0; i < 6; ++i)
      if (!(bits >> i & 1)) expected += lines[i];
    EXPECT_EQ(Rewrite(text, [&](const HeaderTable&, FieldMask& mask) { mask = FieldMask(bits); }), expected + "\r\n") << bits;
  }
}

TEST(HeadWriter, S27_HopByHopFieldsDoNotPass) {
  EXPECT_EQ(Rewrite("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\n"
                    "Trailer: A\r\nTransfer-Encoding: chunked\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nProxy-Authorization: x\r\n"
                    "Proxy-Connection: close\r\nProxy-Anything: 1\r\nProxy: evil\r\nProxying: ok\r\nX-Keep: 1\r\n\r\n",
                    MarkHopByHop),
            "before|GET /x HTTP/1.1\r\nHost: a\r\nProxying: ok\r\nX-Keep: 1\r\n\r\n");
}

TEST(HeadWriter, S27_ConnectionCannotStripFramingOrHostOrWhatIsAdded) {
  EXPECT_EQ(Rewrite("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: Host, Content-Length, X-Auth-Subject\r\n\r\n", MarkHopByHop,
                    {{"X-Auth-Subject", "me"}}),
            "before|GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nX-Auth-Subject: me\r\n\r\n");
}

TEST(HeadWriter, FieldTextIsChecked) {
  EXPECT_TRUE(IsFieldValue(""));
  EXPECT_TRUE(IsFieldValue("a b\tc\xe9"));
  for (const std::string_view bad : {" a", "a ", "a\r\nB: c", "a\nb", "\t", "a\x7f"}) EXPECT_FALSE(IsFieldValue(bad)) << bad;
  EXPECT_FALSE(IsFieldValue(std::string_view("a\0b", 3)));
  EXPECT_TRUE(IsFieldName("X-Auth"));
  for (const std::string_view bad : {"", "a b", "a:", "a\r", "\xe9"}) EXPECT_FALSE(IsFieldName(bad)) << bad;
}

}  // namespace
}  // namespace sallyport::http
