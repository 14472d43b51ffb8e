// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace sallyport::config {
namespace {

TEST(Nearest, EditDistanceCountsInsertionsDeletionsAndReplacements) {
  EXPECT_EQ(EditDistance("", ""), 0u);
  EXPECT_EQ(EditDistance("abc", ""), 3u);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
}

TEST(Nearest, ASlipFindsTheWord) {
  const std::vector<std::string> known = {"public_url", "secret", "listen"};
  EXPECT_EQ(Nearest("publik_url", known), "public_url");
  EXPECT_EQ(Nearest("lisen", known), "listen");
  EXPECT_EQ(NearestHint("secert", known), "did you mean 'secret'?");
}

TEST(Nearest, AnotherWordGetsTheList) {
  const std::vector<std::string> known = {"api", "web"};
  EXPECT_EQ(Nearest("frontend", known), std::nullopt);
  EXPECT_EQ(NearestHint("frontend", known), "known are: api, web");
  EXPECT_EQ(NearestHint("x", {}), "");
}

TEST(Nearest, AVeryLongWordIsNotCompared) { EXPECT_EQ(Nearest(std::string(100'000, 'a'), std::vector<std::string>{"aaa"}), std::nullopt); }

}  // namespace
}  // namespace sallyport::config
