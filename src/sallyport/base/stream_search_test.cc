// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/stream_search.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

// In two pieces, cut everywhere.
bool FoundHoweverCut(std::string_view text, const std::string& needle) {
  int found = 0;
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    StreamSearch search(needle);
    search.Feed(text.substr(0, cut));
    found += search.Feed(text.substr(cut));
  }
  EXPECT_TRUE(found == 0 || found == static_cast<int>(text.size()) + 1) << text;
  return found > 0;
}

TEST(StreamSearch, FindsTheNeedleAcrossPieces) {
  EXPECT_TRUE(FoundHoweverCut("needle", "needle"));
  EXPECT_TRUE(FoundHoweverCut("a needle here", "needle"));
  EXPECT_FALSE(FoundHoweverCut("a needl", "needle"));
  EXPECT_FALSE(FoundHoweverCut("", "n"));
}

TEST(StreamSearch, BeginningsThatRepeatAreNotMissed) {
  EXPECT_TRUE(FoundHoweverCut("aaaab", "aab"));
  EXPECT_TRUE(FoundHoweverCut("abababac", "ababac"));
  EXPECT_TRUE(FoundHoweverCut("eyJeyJhbGci", "eyJhbGci"));
  EXPECT_FALSE(FoundHoweverCut("ababaababa", "ababac"));
}

TEST(StreamSearch, ByteByByteAndOnceSeenItStaysSeen) {
  StreamSearch search("xyx");
  bool found = false;
  for (const char c : std::string("xyyxyx")) found = search.Feed({&c, 1});
  EXPECT_TRUE(found);
  EXPECT_TRUE(search.Feed("more"));
}

}  // namespace
}  // namespace sallyport
