// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/timer_wheel.h"

#include <gtest/gtest.h>

#include <optional>

#include "sallyport/async/loop.h"

namespace sallyport::async {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

struct Wheel : ::testing::Test {
  TimerWheel wheel;
  int fired = 0;
};

TEST_F(Wheel, FiresNeverEarlyAndAtMostOneTickLate) {
  Deadline deadline;
  deadline.Register(wheel, [this] { ++fired; });
  deadline.Arm(1s);
  wheel.AdvanceForTest(10);
  EXPECT_EQ(fired, 0);
  wheel.AdvanceForTest(1);
  EXPECT_EQ(fired, 1);
  EXPECT_FALSE(deadline.armed());
  wheel.AdvanceForTest(2000);
  EXPECT_EQ(fired, 1);
}

TEST_F(Wheel, RearmingLaterPostponesAndEarlierHastens) {
  Deadline deadline;
  deadline.Register(wheel, [this] { ++fired; });
  deadline.Arm(1s);
  deadline.Arm(3s);
  wheel.AdvanceForTest(30);
  EXPECT_EQ(fired, 0);
  deadline.Arm(100ms);
  wheel.AdvanceForTest(2);
  EXPECT_EQ(fired, 1);
}

TEST_F(Wheel, LongerThanOneRoundIsKept) {
  Deadline deadline;
  deadline.Register(wheel, [this] { ++fired; });
  deadline.Arm(300s);
  wheel.AdvanceForTest(3000);
  EXPECT_EQ(fired, 0);
  wheel.AdvanceForTest(1);
  EXPECT_EQ(fired, 1);
}

TEST_F(Wheel, DisarmedAndRemovedStaySilent) {
  Deadline disarmed;
  disarmed.Register(wheel, [this] { ++fired; });
  disarmed.Arm(1s);
  disarmed.Disarm();
  {
    Deadline removed;
    removed.Register(wheel, [this] { ++fired; });
    removed.Arm(1s);
  }
  wheel.AdvanceForTest(1000);
  EXPECT_EQ(fired, 0);
}

TEST_F(Wheel, ExpiryMayDestroyItselfAndItsNeighbours) {
  std::optional<Deadline> a;
  std::optional<Deadline> b;
  auto expire = [&] { ++fired; a.reset(); b.reset(); };
  a.emplace().Register(wheel, expire);
  b.emplace().Register(wheel, expire);
  a->Arm(1s);
  b->Arm(1s);
  wheel.AdvanceForTest(20);
  EXPECT_EQ(fired, 1);
}

TEST_F(Wheel, DeadlineMayOutliveTheWheel) {
  Deadline deadline;
  {
    TimerWheel shorter;
    deadline.Register(shorter, [this] { ++fired; });
    deadline.Arm(1s);
  }
  deadline.Remove();
  EXPECT_EQ(fired, 0);
}

TEST_F(Wheel, ALoopsWheelTicksByItself) {
  Loop loop;
  Deadline deadline;
  deadline.Register(loop.wheel(), [this] { ++fired; });
  const auto begin = std::chrono::steady_clock::now();
  deadline.Arm(200ms);
  while (fired == 0) loop.RunTurn();
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 200ms);
}

}  // namespace
}  // namespace sallyport::async
