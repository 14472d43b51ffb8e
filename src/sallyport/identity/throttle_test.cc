// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/throttle.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/fake_clock.h"
#include "support/fake_random.h"

namespace sallyport::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class ThrottleTest : public testing::Test {
 protected:
  template <class F>
  static int CountInParallel(F admit) {
    std::atomic<int> admitted = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) admitted += admit() ? 1 : 0;
      });
    }
    for (auto& thread : threads) thread.join();
    return admitted;
  }

  test::FakeClock clock_;
  test::FakeRandom random_;
};

TEST_F(ThrottleTest, S55_RateAdmitsTheBurstAndThenRefillsEvenly) {
  RateLimiter limiter({.burst = 3, .period = seconds(30)}, 1000, clock_, random_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.Admit("a"), Duration(0));
  EXPECT_EQ(limiter.Admit("a"), Duration(10'000));
  EXPECT_EQ(limiter.Peek("a"), Duration(10'000));
  EXPECT_EQ(limiter.Admit("b"), Duration(0)) << "another key";
  clock_.Advance(Duration(9'999));
  EXPECT_EQ(limiter.Admit("a"), Duration(1));
  clock_.Advance(Duration(1));
  EXPECT_EQ(limiter.Admit("a"), Duration(0));
  EXPECT_GT(limiter.Admit("a"), Duration(0));
  limiter.Refund("a");
  EXPECT_EQ(limiter.Admit("a"), Duration(0));
  EXPECT_EQ(limiter.Peek("never seen"), Duration(0));
}

TEST_F(ThrottleTest, S55_RateIsExactUnderParallelLoad) {
  RateLimiter limiter({.burst = 37, .period = hours(1)}, 1000, clock_, random_);
  EXPECT_EQ(CountInParallel([&] { return limiter.Admit("a").count() == 0; }), 37);
}

TEST_F(ThrottleTest, MemoryIsBoundedAndHeavyUsersAreForgottenLast) {
  RateLimiter limiter({.burst = 10, .period = hours(1)}, 320, clock_, random_);
  for (int i = 0; i < 10; ++i) limiter.Admit("heavy");
  for (int i = 0; i < 20'000; ++i) limiter.Admit(std::to_string(i));
  EXPECT_LE(limiter.size(), 320u);
  EXPECT_GT(limiter.Admit("heavy"), Duration(0));
}

TEST_F(ThrottleTest, S55_LockoutGrowsAndIsTemporary) {
  Lockout lockout({.free_failures = 3, .first_delay = seconds(10), .max_delay = seconds(40)}, 1000, clock_, random_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(lockout.Admit("a"), Duration(0));
  for (const int delay : {10, 20, 40, 40}) {
    EXPECT_EQ(lockout.Admit("a"), seconds(delay));
    clock_.Advance(seconds(delay));
    EXPECT_EQ(lockout.Admit("a"), Duration(0)) << "one more try after " << delay;
  }
  clock_.Advance(hours(2));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(lockout.Admit("a"), Duration(0)) << "forgotten after a long rest";
}

TEST_F(ThrottleTest, S55_SuccessAndWithdrawalTakeTriesBack) {
  Lockout lockout({.free_failures = 2, .first_delay = seconds(10), .max_delay = seconds(40)}, 1000, clock_, random_);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(lockout.Admit("a"), Duration(0));
    EXPECT_EQ(lockout.Admit("a"), Duration(0));
    lockout.Succeeded("a");
  }
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(lockout.Admit("b"), Duration(0));
    EXPECT_EQ(lockout.Admit("b"), Duration(0));
    lockout.Withdraw("b");
    lockout.Withdraw("b");
  }
  EXPECT_EQ(lockout.size(), 0u);
}

TEST_F(ThrottleTest, S55_LockoutIsExactUnderParallelLoad) {
  Lockout lockout({.free_failures = 5}, 1000, clock_, random_);
  EXPECT_EQ(CountInParallel([&] { return lockout.Admit("a").count() == 0; }), 5);
}

TEST_F(ThrottleTest, MemoryIsBoundedAndLockoutsOutliveAFlood) {
  Lockout lockout({.free_failures = 3}, 320, clock_, random_);
  for (int i = 0; i < 3; ++i) lockout.Admit("locked");
  for (int i = 0; i < 20'000; ++i) lockout.Admit(std::to_string(i));
  EXPECT_LE(lockout.size(), 320u);
  EXPECT_GT(lockout.Admit("locked"), Duration(0));
}

TEST_F(ThrottleTest, S55_LockoutHitsOneAddressAndNotTheOwner) {
  Throttle throttle({}, clock_, random_);
  const Attempt thief{"ada@example.com", "203.0.113.9", false};
  const Attempt owner{"ada@example.com", "198.51.100.7", false};
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(throttle.Admit(thief).admitted);
  const ThrottleVerdict refused = throttle.Admit(thief);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.reason, "lockout");
  EXPECT_EQ(refused.retry_after, minutes(1));
  EXPECT_TRUE(throttle.Admit(owner).admitted);
}

TEST_F(ThrottleTest, S55_AddressesCountBySlash64AndMappedAsV4) {
  EXPECT_EQ(AddressKey("2001:db8:1:2:3:4:5:6"), AddressKey("2001:db8:1:2::1"));
  EXPECT_NE(AddressKey("2001:db8:1:2::1"), AddressKey("2001:db8:1:3::1"));
  EXPECT_EQ(AddressKey("::ffff:192.0.2.1"), AddressKey("192.0.2.1"));
  EXPECT_NE(AddressKey("192.0.2.1"), AddressKey("192.0.2.2"));
  EXPECT_EQ(AddressKey("unix"), "unix");
}

TEST_F(ThrottleTest, S55_AddressRateCountsAllAccounts) {
  ThrottleLimits limits;
  limits.tries_per_address = {.burst = 10, .period = minutes(1)};
  Throttle throttle(limits, clock_, random_);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(throttle.Admit({"user" + std::to_string(i), "192.0.2.1", false}).admitted);
  const auto refused = throttle.Admit({"another", "192.0.2.1", false});
  EXPECT_EQ(refused.reason, "address");
  EXPECT_EQ(refused.retry_after, seconds(6));
}

TEST_F(ThrottleTest, S55_BotnetIsSlowedButAKnownBrowserIsNot) {
  ThrottleLimits limits;
  limits.tries_per_account = {.burst = 20, .period = hours(1)};
  Throttle throttle(limits, clock_, random_);
  int admitted = 0;
  for (int i = 0; i < 200; ++i) {
    admitted += throttle.Admit({"ada", "203.0.113." + std::to_string(i), false}).admitted ? 1 : 0;
  }
  EXPECT_EQ(admitted, 20);
  EXPECT_EQ(throttle.Admit({"ada", "198.51.100.7", false}).reason, "account");
  EXPECT_TRUE(throttle.Admit({"ada", "198.51.100.7", true}).admitted);
}

TEST_F(ThrottleTest, S55_KnownBrowserHasTriesOfItsOwnButNotWithoutEnd) {
  Throttle throttle({}, clock_, random_);
  for (int i = 0; i < 6; ++i) throttle.Admit({"ada", "192.0.2.1", false});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(throttle.Admit({"ada", "192.0.2.1", true}).admitted);
  EXPECT_EQ(throttle.Admit({"ada", "192.0.2.1", true}).reason, "lockout");
}

TEST_F(ThrottleTest, S55_RefusedTriesDoNotUseUpTheAccount) {
  ThrottleLimits limits;
  limits.tries_per_account = {.burst = 10, .period = hours(1)};
  limits.tries_per_address = {.burst = 1000, .period = minutes(1)};
  Throttle throttle(limits, clock_, random_);
  for (int i = 0; i < 500; ++i) throttle.Admit({"ada", "203.0.113.9", false});
  EXPECT_TRUE(throttle.Admit({"ada", "198.51.100.7", false}).admitted) << "five tries were made, not 500";
}

TEST_F(ThrottleTest, SuccessGivesTheAccountItsTryBack) {
  ThrottleLimits limits;
  limits.tries_per_account = {.burst = 2, .period = hours(1)};
  limits.tries_per_address = {.burst = 1000, .period = minutes(1)};
  Throttle throttle(limits, clock_, random_);
  const Attempt attempt{"ada", "192.0.2.1", false};
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(throttle.Admit(attempt).admitted);
    throttle.Succeeded(attempt);
  }
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(throttle.Admit(attempt).admitted);
    throttle.Withdraw(attempt);
  }
}

TEST_F(ThrottleTest, S55_StrangersCannotUseUpTheMailsOfAKnownDevice) {
  Throttle throttle({}, clock_, random_);
  for (int i = 0; i < 9; ++i) throttle.AdmitMail("ada", "192.0.2." + std::to_string(i));
  EXPECT_FALSE(throttle.AdmitMail("ada", "198.51.100.1").admitted);
  EXPECT_TRUE(throttle.AdmitMail("ada", "198.51.100.1", /*known_device=*/true).admitted);
}

TEST_F(ThrottleTest, S55_WhatIsCappedByItselfIsLimitedByAddressAlone) {
  ThrottleLimits limits;
  limits.tries_per_address = {.burst = 3, .period = minutes(1)};
  Throttle throttle(limits, clock_, random_);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(throttle.AdmitFrom("2001:db8::1").admitted);
  EXPECT_EQ(throttle.AdmitFrom("2001:db8::2").reason, "address") << "the same /64";
  EXPECT_TRUE(throttle.AdmitFrom("2001:db8:0:1::1").admitted);
}

TEST_F(ThrottleTest, NewLimitsHoldAtOnceAndForgetNothing) {
  ThrottleLimits limits;
  limits.lockout = {.free_failures = 3, .first_delay = minutes(1), .max_delay = minutes(1)};
  Throttle throttle(limits, clock_, random_);
  const Attempt attempt{"ada", "192.0.2.1", false};
  EXPECT_TRUE(throttle.Admit(attempt).admitted);
  EXPECT_TRUE(throttle.Admit(attempt).admitted);
  limits.lockout.free_failures = 2;
  limits.lockout.max_delay = limits.lockout.first_delay = minutes(5);
  throttle.SetLimits(limits);
  EXPECT_TRUE(throttle.Admit(attempt).admitted) << "the third failure, from which on it is locked";
  const auto locked = throttle.Admit(attempt);
  EXPECT_EQ(locked.reason, "lockout");
  EXPECT_GT(locked.retry_after, minutes(4));

  limits.tries_per_address = {.burst = 5, .period = minutes(1)};
  throttle.SetLimits(limits);
  EXPECT_TRUE(throttle.Admit({"bob", "192.0.2.77", false}).admitted);
  for (int i = 0; i < 4; ++i) throttle.Admit({"bob" + std::to_string(i), "192.0.2.77", false});
  EXPECT_EQ(throttle.Admit({"eve", "192.0.2.77", false}).reason, "address");
}

TEST_F(ThrottleTest, S55_MailsAreLimitedByAccountAndAddress) {
  Throttle throttle({}, clock_, random_);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(throttle.AdmitMail("ada", "192.0.2." + std::to_string(i)).admitted);
  EXPECT_EQ(throttle.AdmitMail("ada", "192.0.2.99").reason, "account");
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(throttle.AdmitMail("u" + std::to_string(i), "198.51.100.1").admitted);
  EXPECT_EQ(throttle.AdmitMail("fresh", "198.51.100.1").reason, "address");
}

}  // namespace
}  // namespace sallyport::identity
