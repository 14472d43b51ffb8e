// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/seat_table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace sallyport {
namespace {

constexpr std::uint64_t kKey = 0x1234'5678'9abc'def0;

TEST(SeatTable, AKeyHoldsSoManyAndNoMoreUntilOneIsGivenBack) {
  SeatTable table(64);
  SeatTable::Seat first, second, third;
  EXPECT_TRUE(table.Take(kKey, 2, first));
  EXPECT_TRUE(table.Take(kKey, 2, second));
  EXPECT_FALSE(table.Take(kKey, 2, third));
  EXPECT_TRUE(table.Take(kKey + (1ULL << 40), 2, third)) << "another key";
  first.Leave();
  SeatTable::Seat again;
  EXPECT_TRUE(table.Take(kKey, 2, again));
}

TEST(SeatTable, ASeatIsGivenBackOnceWhenItHasMoved) {
  SeatTable table(64);
  SeatTable::Seat kept;
  {
    SeatTable::Seat seat;
    EXPECT_TRUE(table.Take(kKey, 1, seat));
    kept = std::move(seat);
  }
  SeatTable::Seat other;
  EXPECT_FALSE(table.Take(kKey, 1, other));
  kept = SeatTable::Seat();
  EXPECT_TRUE(table.Take(kKey, 1, other));
}

TEST(SeatTable, InAFullGroupOthersAreLetThroughUncounted) {
  SeatTable table(8);   // one group
  std::vector<SeatTable::Seat> seats(8);
  for (std::uint64_t i = 0; i < 8; ++i) EXPECT_TRUE(table.Take((i + 1) << 30, 1, seats[i]));
  SeatTable::Seat ninth, tenth;
  EXPECT_TRUE(table.Take(99ULL << 30, 1, ninth));
  EXPECT_TRUE(table.Take(99ULL << 30, 1, tenth));
}

TEST(SeatTable, S55_UnderParallelCallsNeverMoreThanTheLimit) {
  SeatTable table(64);
  std::atomic<int> held = 0, most = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20'000; ++i) {
        SeatTable::Seat seat;
        if (!table.Take(kKey, 3, seat)) continue;
        const int now = ++held;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        --held;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(most, 3);
  EXPECT_GE(most, 1);
  SeatTable::Seat seats[3];
  for (auto& seat : seats) EXPECT_TRUE(table.Take(kKey, 3, seat)) << "nothing was left behind";
}

}  // namespace
}  // namespace sallyport
