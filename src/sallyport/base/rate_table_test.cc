// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/rate_table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace sallyport {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr std::uint64_t kKey = 0x1234'5678'9abc'def0;
const SteadyTime kStart{std::chrono::hours(1)};

TEST(RateTable, TheBurstIsAdmittedAndThenWhatIsRefilled) {
  RateTable table(64);
  const RateRule rule = RateRule::Of(10, 1s, 5);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(table.Admit(kKey, rule, kStart).count(), 0);
  EXPECT_EQ(table.Admit(kKey, rule, kStart), 100ms);
  EXPECT_EQ(table.Admit(kKey, rule, kStart + 99ms), 1ms);
  EXPECT_EQ(table.Admit(kKey, rule, kStart + 100ms).count(), 0);
  EXPECT_GT(table.Admit(kKey, rule, kStart + 100ms).count(), 0);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(table.Admit(kKey, rule, kStart + 10s).count(), 0);
  EXPECT_GT(table.Admit(kKey, rule, kStart + 10s).count(), 0);
}

TEST(RateTable, KeysDoNotShareARate) {
  RateTable table(1024);
  const RateRule rule = RateRule::Of(1, 1s, 1);
  for (std::uint64_t i = 1; i <= 100; ++i) EXPECT_EQ(table.Admit(i * 0x9e37'79b9'7f4a'7c15, rule, kStart).count(), 0) << i;
  EXPECT_GT(table.Admit(0x9e37'79b9'7f4a'7c15, rule, kStart).count(), 0);
}

TEST(RateTable, WhoHasUsedLeastGivesWayInAFullGroup) {
  RateTable table(4);   // one group
  const RateRule rule = RateRule::Of(1, 1s, 3);
  for (std::uint64_t key = 1; key <= 4; ++key) {
    for (std::uint64_t used = 0; used < (key == 2 ? 1 : 3); ++used) EXPECT_EQ(table.Admit(key << 1, rule, kStart).count(), 0);
  }
  EXPECT_EQ(table.Admit(99, rule, kStart).count(), 0);
  for (const std::uint64_t key : {1U, 3U, 4U}) EXPECT_GT(table.Admit(key << 1, rule, kStart).count(), 0) << "is still counted";
}

TEST(RateTable, S55_OfABurstUnderParallelCallsNoMoreIsAdmitted) {
  RateTable table(64);
  const RateRule rule = RateRule::Of(1, std::chrono::hours(1), 1000);
  std::atomic<int> admitted = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) admitted += table.Admit(kKey, rule, kStart).count() == 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(admitted, 1000);
}

}  // namespace
}  // namespace sallyport
