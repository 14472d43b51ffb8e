// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/guess_limit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/fake_clock.h"
#include "support/fake_random.h"

namespace sallyport::gateway {
namespace {

http::IpAddress Address(const char* text) { return *http::IpAddress::Parse(text); }

class GuessLimitTest : public testing::Test {
 protected:
  test::FakeClock clock;
  test::FakeRandom random;
  GuessLimit limit{10, clock, random};
};

TEST_F(GuessLimitTest, S55_CountsByAddressAndIpv6BySixtyFour) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limit.Admit(Address("2001:db8::1")));
  EXPECT_FALSE(limit.Admit(Address("2001:db8::2")));
  EXPECT_TRUE(limit.Admit(Address("2001:db8:0:1::1")));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limit.Admit(Address("192.0.2.1")));
  EXPECT_FALSE(limit.Admit(Address("::ffff:192.0.2.1")));
  EXPECT_TRUE(limit.Admit(Address("192.0.2.2")));
  clock.Advance(std::chrono::seconds(6));
  EXPECT_TRUE(limit.Admit(Address("192.0.2.1")));
  EXPECT_FALSE(limit.Admit(Address("192.0.2.1")));
}

TEST_F(GuessLimitTest, WhatIsWithdrawnDoesNotCount) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(limit.Admit(Address("192.0.2.1")));
    limit.Withdraw(Address("192.0.2.1"));
  }
}

TEST_F(GuessLimitTest, AnotherRateHoldsAtOnceAndForgetsNothing) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limit.Admit(Address("192.0.2.1")));
  limit.SetPerMinute(100);
  EXPECT_FALSE(limit.Admit(Address("192.0.2.1"))) << "what was used up stays used up";
  clock.Advance(std::chrono::seconds(1));
  EXPECT_TRUE(limit.Admit(Address("192.0.2.1"))) << "but places come back at the new rate";
  limit.SetPerMinute(2);
  EXPECT_FALSE(limit.Admit(Address("192.0.2.1")));
}

TEST_F(GuessLimitTest, S55_ParallelRequestsShareNoPlace) {
  std::atomic<int> admitted = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) admitted += limit.Admit(Address("192.0.2.1"));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(admitted, 10);
}

}  // namespace
}  // namespace sallyport::gateway
