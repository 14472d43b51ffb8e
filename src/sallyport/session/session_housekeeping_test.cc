// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/session_test_harness.h"

namespace sallyport::session {
namespace {

class SessionHousekeeping : public testing::Test {
 protected:
  Harness harness;
};

TEST_F(SessionHousekeeping, LastUseIsWrittenAtMostOncePerUpdateAge) {
  const auto begun = harness.SignIn();
  for (int i = 0; i < 10; ++i) {
    harness.clock.Advance(minutes(1));
    harness.StateOf(0, begun.cookie_value);
    harness.Tick(0);
  }
  EXPECT_EQ(harness.store.spy.touches, 2);
  EXPECT_EQ(harness.Row(begun.id).last_seen, harness.clock.Now());
  EXPECT_EQ(harness.Row(begun.id).idle_end, harness.clock.Now() + hours(1));
}

TEST_F(SessionHousekeeping, S4_UseThatWasNotWrittenIsWrittenBeforeTheIdleEnd) {
  const auto begun = harness.SignIn();
  harness.StateOf(0, begun.cookie_value);
  harness.clock.Advance(minutes(4));
  harness.StateOf(0, begun.cookie_value);
  harness.Tick(0);
  EXPECT_EQ(harness.store.spy.touches, 0);
  harness.clock.Advance(minutes(56) - seconds(9));
  harness.Tick(0);
  EXPECT_EQ(harness.store.spy.touches, 1);
  harness.clock.Advance(seconds(20));
  // The other worker never saw it before.
  EXPECT_EQ(harness.StateOf(1, begun.cookie_value), CookieState::kValid);
}

TEST_F(SessionHousekeeping, S60_AWriteThatFailedIsTriedAgainWithTheNextUse) {
  const auto begun = harness.SignIn();
  harness.StateOf(0, begun.cookie_value);
  harness.clock.Advance(minutes(6));
  harness.StateOf(0, begun.cookie_value);
  harness.store.spy.broken = true;
  harness.Tick(0);
  harness.store.spy.broken = false;
  harness.StateOf(0, begun.cookie_value);
  harness.Tick(0);
  EXPECT_EQ(harness.store.spy.touches, 1);
}

TEST_F(SessionHousekeeping, S5_AStreamIsCutAtTheAbsoluteEnd) {
  const auto begun = harness.SignIn();
  const auto stream = harness.Open(1, begun.cookie_value);
  for (int i = 0; i < 11; ++i) {
    harness.clock.Advance(minutes(50));
    harness.StateOf(1, begun.cookie_value);
    harness.Tick(1);
  }
  EXPECT_EQ(stream->cuts, 0);
  harness.clock.Advance(minutes(50));
  harness.Tick(1);
  EXPECT_EQ(stream->cuts, 1);
}

TEST_F(SessionHousekeeping, S5_AStreamIsCutAtTheIdleEnd) {
  const auto begun = harness.SignIn();
  const auto stream = harness.Open(1, begun.cookie_value);
  harness.clock.Advance(hours(1) - Duration(1));
  harness.Tick(1);
  EXPECT_EQ(stream->cuts, 0);
  harness.clock.Advance(Duration(1));
  harness.Tick(1);
  EXPECT_EQ(stream->cuts, 1);
}

TEST_F(SessionHousekeeping, AStreamGoesOnWhileAnotherWorkerSeesTheSessionUsed) {
  const auto begun = harness.SignIn();
  const auto stream = harness.Open(1, begun.cookie_value);
  for (int i = 0; i < 12; ++i) {
    harness.clock.Advance(minutes(10));
    harness.StateOf(0, begun.cookie_value);
    harness.Tick(0);
    harness.Tick(1);
  }
  EXPECT_EQ(stream->cuts, 0);
  EXPECT_EQ(harness.StateOf(1, begun.cookie_value), CookieState::kValid);
}

TEST_F(SessionHousekeeping, S60_AnIdleStreamIsCutWhenTheStoreCannotSay) {
  const auto begun = harness.SignIn();
  const auto stream = harness.Open(1, begun.cookie_value);
  harness.store.spy.broken = true;
  harness.clock.Advance(hours(1));
  (void)harness.On(1, harness.service().Tick());
  EXPECT_EQ(stream->cuts, 1);
}

TEST_F(SessionHousekeeping, S5_RevocationsThatNobodyAnnouncedAreFoundInTheLog) {
  const auto begun = harness.SignIn();
  const auto stream = harness.Open(1, begun.cookie_value);
  ASSERT_TRUE(harness.On(0, harness.store.sessions().Revoke(begun.id, std::nullopt, model::EndReason::kRevokedByAdmin)));
  harness.Tick(0);
  EXPECT_EQ(stream->cuts, 1);
  EXPECT_EQ(harness.StateOf(1, begun.cookie_value), CookieState::kInvalid);
}

// Not a matter of ticks: the watcher of Start() does it, in real time.
TEST_F(SessionHousekeeping, S5_WhatAnotherProcessEndedIsDeadWithinASecond) {
  const auto begun = harness.SignIn();
  const auto stream = harness.Open(1, begun.cookie_value);
  ASSERT_TRUE(harness.On(0, harness.service().Start()));
  ASSERT_TRUE(harness.On(0, harness.store.sessions().Revoke(begun.id, std::nullopt, model::EndReason::kRevokedByAdmin)));
  const auto ended = std::chrono::steady_clock::now();
  while (harness.StateOf(1, begun.cookie_value) == CookieState::kValid) {
    ASSERT_LT(std::chrono::steady_clock::now() - ended, seconds(1));
    std::this_thread::sleep_for(Duration(10));
  }
  EXPECT_EQ(stream->cuts, 1);
}

TEST_F(SessionHousekeeping, NewRulesHoldForWhatHappensFromThenOn) {
  const auto before = harness.SignIn();
  SessionRules rules = harness.settings();
  rules.idle_timeout = minutes(10);
  rules.max_lifetime = hours(2);
  harness.service().SetRules(rules);
  const auto after = harness.SignIn();
  EXPECT_EQ(harness.Row(before.id).absolute_end, harness.clock.Now() + hours(10)) << "it keeps the end that it began with";
  EXPECT_EQ(harness.Row(after.id).absolute_end, harness.clock.Now() + hours(2));
  EXPECT_EQ(harness.Row(after.id).idle_end, harness.clock.Now() + minutes(10));
}

TEST_F(SessionHousekeeping, TheCacheOfASharedStoreIsReadAgainAndStreamsGoOn) {
  const auto begun = harness.SignIn();
  const auto stream = harness.Open(1, begun.cookie_value);
  harness.service().ShareStore(true);
  EXPECT_EQ(harness.StateOf(1, begun.cookie_value), CookieState::kValid);
  EXPECT_EQ(stream->cuts, 0);
  ASSERT_TRUE(harness.On(0, harness.service().End(begun.id, std::nullopt, model::EndReason::kSignedOut)));
  EXPECT_EQ(stream->cuts, 1) << "the stream belongs to the session still";
}

TEST(StatelessHousekeeping, AStreamOfTheOldCookieGoesOnAfterRenewalElsewhere) {
  Harness harness(Strategy::kJwt);
  const auto begun = harness.SignIn();
  const auto stream = harness.Open(1, begun.cookie_value);
  harness.clock.Advance(minutes(30));
  ASSERT_TRUE(harness.Renew(0, begun.cookie_value));
  harness.clock.Advance(minutes(30));
  harness.Tick(1);
  EXPECT_EQ(stream->cuts, 0);
  harness.clock.Advance(minutes(30));
  harness.Tick(1);
  EXPECT_EQ(stream->cuts, 1);
}

}  // namespace
}  // namespace sallyport::session
