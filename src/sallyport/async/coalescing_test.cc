// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/coalescing.h"

#include <gtest/gtest.h>

#include <vector>

namespace sallyport::async {
namespace {

using std::chrono::microseconds;

// Turns of one event each, of so many peers in turn.
class CoalescingTest : public testing::Test {
 protected:
  // → how many of the last hundred turns paused.
  int Pauses(std::size_t peers, microseconds between_turns, int told_a_turn = 1) {
    std::vector<std::uint32_t> given(peers, 0);
    int pauses = 0;
    std::size_t next = 0;
    for (int turn = 0; turn < 1100; ++turn) {
      for (int i = 0; i < told_a_turn; ++i, next = (next + 1) % peers) given[next] = coalescing.Told(given[next]);
      now += between_turns;
      if (coalescing.Pays(now, told_a_turn)) {
        now += 2 * Coalescing::kPause;
        if (turn >= 1000) ++pauses;
      }
    }
    return pauses;
  }

  Coalescing coalescing;
  SteadyTime now{std::chrono::hours(1)};
};

TEST_F(CoalescingTest, ManyPeersThatComeOneByOneAreAwaited) { EXPECT_EQ(Pauses(256, microseconds(20)), 100); }

TEST_F(CoalescingTest, AFewPeersAreNeverMadeToWait) {
  for (const std::size_t peers : {1u, 2u, 16u, 30u}) EXPECT_EQ(Pauses(peers, microseconds(20)), 0) << peers;
}

TEST_F(CoalescingTest, OnePeerAmongManyThatRestIsNotMadeToWait) {
  std::vector<std::uint32_t> resting(1000, 0);
  std::uint32_t busy = 0;
  int pauses = 0;
  for (auto& it : resting) {
    for (int i = 0; i < 200; ++i) {
      busy = coalescing.Told(busy);
      now += microseconds(20);
      pauses += coalescing.Pays(now, 1);
    }
    it = coalescing.Told(it);
  }
  EXPECT_EQ(pauses, 0);
}

TEST_F(CoalescingTest, ALoopWithTimeToSpareDoesNotPause) { EXPECT_EQ(Pauses(256, microseconds(61)), 0); }

TEST_F(CoalescingTest, WhatComesTogetherNeedsNoPause) { EXPECT_EQ(Pauses(256, microseconds(40), 8), 0); }

TEST_F(CoalescingTest, ThePauseItselfDoesNotCountAsTimeToSpare) {
  EXPECT_EQ(Pauses(256, microseconds(59)), 100);
}

TEST_F(CoalescingTest, ACrowdThatHasGoneIsForgotten) {
  EXPECT_EQ(Pauses(256, microseconds(20)), 100);
  EXPECT_EQ(Pauses(2, microseconds(20)), 0);
}

}  // namespace
}  // namespace sallyport::async
