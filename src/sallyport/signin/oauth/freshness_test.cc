// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/freshness.h"

#include <gtest/gtest.h>

namespace sallyport::signin {
namespace {

using std::chrono::seconds;

constexpr FreshnessBounds kBounds{seconds(60), seconds(3600), seconds(900)};

Duration Of(std::string cache_control, std::string age = "") {
  std::vector<std::pair<std::string, std::string>> headers = {{"content-type", "application/json"}};
  if (!cache_control.empty()) headers.emplace_back("cache-control", std::move(cache_control));
  if (!age.empty()) headers.emplace_back("age", std::move(age));
  return FreshnessOf(headers, kBounds);
}

TEST(Freshness, MaxAgeCountsWithinOurBounds) {
  EXPECT_EQ(Of("max-age=300"), seconds(300));
  EXPECT_EQ(Of("public, Max-Age = 300 , must-revalidate"), seconds(300));
  EXPECT_EQ(Of("max-age=\"300\""), seconds(300));
  EXPECT_EQ(Of("max-age=1"), seconds(60));
  EXPECT_EQ(Of("max-age=99999999"), seconds(3600));
  EXPECT_EQ(Of("max-age=99999999999999999999999"), seconds(3600));
}

TEST(Freshness, WhatIsOldAlreadyIsFreshForLess) {
  EXPECT_EQ(Of("max-age=300", "100"), seconds(200));
  EXPECT_EQ(Of("max-age=300", "1000"), seconds(60));
  EXPECT_EQ(Of("max-age=300", "soon"), seconds(300));
}

TEST(Freshness, NoStoreAndNoCacheGiveTheLeast) {
  EXPECT_EQ(Of("no-store"), seconds(60));
  EXPECT_EQ(Of("max-age=300, no-cache"), seconds(60));
}

TEST(Freshness, SilenceAndNonsenseGiveTheDefault) {
  EXPECT_EQ(Of(""), seconds(900));
  EXPECT_EQ(Of("max-age=-1"), seconds(900));
  EXPECT_EQ(Of("max-age=soon"), seconds(900));
  EXPECT_EQ(Of(",,=,private"), seconds(900));
}

}  // namespace
}  // namespace sallyport::signin
