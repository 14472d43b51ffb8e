// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/metrics.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

enum class Counter { kOk, kBad, kOther };
using Counters = CounterSet<Counter, 3>;

TEST(Metrics, SetsOfSeveralWorkersAreSummed) {
  Counters first, second;
  first.Add(Counter::kOk);
  first.Add(Counter::kBad, 5);
  second.Add(Counter::kOk, 2);
  std::array<std::uint64_t, 3> totals{};
  first.AddTo(totals);
  second.AddTo(totals);
  EXPECT_EQ(totals, (std::array<std::uint64_t, 3>{3, 5, 0}));
  EXPECT_EQ(first.Get(Counter::kBad), 5U);
}

TEST(Metrics, ALatencyBelongsToTheBucketWhoseBoundItDoesNotExceed) {
  Histogram histogram;
  for (const std::uint64_t micros : {0U, 250U, 251U, 10'000'000U, 10'000'001U}) histogram.Observe(micros);
  LatencyTotals totals;
  histogram.AddTo(totals);
  EXPECT_EQ(totals.buckets.front(), 2U);
  EXPECT_EQ(totals.buckets[1], 1U);
  EXPECT_EQ(totals.buckets[kLatencyBounds.size() - 1], 1U);
  EXPECT_EQ(totals.buckets.back(), 1U) << "beyond every bound";
  EXPECT_EQ(totals.sum_micros, 20'000'502U);
  histogram.AddTo(totals);
  EXPECT_EQ(totals.buckets.front(), 4U) << "adds, so that workers can be summed";
}

}  // namespace
}  // namespace sallyport
