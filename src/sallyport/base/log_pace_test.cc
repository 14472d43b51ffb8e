// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/log_pace.h"

#include <gtest/gtest.h>

namespace sallyport::log {
namespace {

TEST(LogPace, TheFirstAtOnceThenOneAnIntervalThatCountsTheRest) {
  Pace pace;
  const SteadyTime start{std::chrono::hours(1)};
  EXPECT_EQ(pace.Count(start), 1u);
  for (int i = 0; i < 41; ++i) EXPECT_EQ(pace.Count(start + Pace::kInterval / 2), 0u);
  EXPECT_EQ(pace.Count(start + Pace::kInterval), 42u);
  EXPECT_EQ(pace.Count(start + Pace::kInterval), 0u);
  EXPECT_EQ(pace.Count(start + 3 * Pace::kInterval), 2u);
}

}  // namespace
}  // namespace sallyport::log
