// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/clock.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace sallyport {
namespace {

TEST(Clock, IsoTextIsThatOfJavaScript) {
  EXPECT_EQ(ToIso8601(FromUnixMillis(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(ToIso8601(FromUnixMillis(1'795'250'700'123)), "2026-11-21T08:45:00.123Z");
  EXPECT_EQ(ToIso8601(FromUnixMillis(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Clock, HttpDateIsImfFixdate) {
  EXPECT_EQ(ToHttpDate(FromUnixSeconds(784'111'777)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(ToHttpDate(FromUnixSeconds(1'709'164'800)), "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST(Clock, SecondsRoundDownOnBothSidesOfTheEpoch) {
  EXPECT_EQ(UnixSeconds(FromUnixMillis(1999)), 1);
  EXPECT_EQ(UnixSeconds(FromUnixMillis(-1)), -1);
}

TEST(Clock, SystemClockMovesForward) {
  const SystemClock clock;
  EXPECT_GT(UnixSeconds(clock.Now()), 1'700'000'000);
  const SteadyTime before = clock.Steady();
  EXPECT_GE(clock.Steady(), before);
}

TEST(FakeClock, MovesOnlyWhenTold) {
  test::FakeClock clock(FromUnixSeconds(100));
  const SteadyTime steady = clock.Steady();
  clock.Advance(std::chrono::seconds(5));
  EXPECT_EQ(UnixSeconds(clock.Now()), 105);
  EXPECT_EQ(clock.Steady() - steady, std::chrono::seconds(5));
}

}  // namespace
}  // namespace sallyport
