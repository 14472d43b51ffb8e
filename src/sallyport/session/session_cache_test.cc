// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/session_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::session {
namespace {

using Outcome = SessionCache::Outcome;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Timestamp kNow = FromUnixSeconds(1'800'000'000);

model::TokenHash Key(std::uint32_t n) {
  model::TokenHash key{};
  // Spread like a hash, with some homes shared.
  const std::uint32_t spread = n * 2654435761u;
  for (int i = 0; i < 4; ++i) key[i] = static_cast<std::uint8_t>(spread >> (8 * i));
  for (int i = 0; i < 4; ++i) key[28 + i] = static_cast<std::uint8_t>(n >> (8 * i));
  return key;
}

SessionRef Make(std::string id, Timestamp idle_end = kNow + hours(1), Timestamp absolute_end = kNow + hours(10),
                std::int64_t version = 1) {
  SessionData data;
  data.id = std::move(id);
  data.absolute_end = absolute_end;
  data.version = version;
  SessionRef session(new Session(std::move(data)));
  session->idle_end = session->written_idle_end = idle_end;
  return session;
}

struct Exchange {
  int cuts = 0;
  LiveExchange live{[](void* c) { ++static_cast<Exchange*>(c)->cuts; }, this};
};

TEST(SessionCache, FindsWhatWasInserted) {
  SessionCache cache(10);
  EXPECT_EQ(cache.Find(Key(1), kNow).outcome, Outcome::kMiss);
  ASSERT_TRUE(cache.Insert(Key(1), Make("a"), cache.sequence()));
  const auto found = cache.Find(Key(1), kNow);
  ASSERT_EQ(found.outcome, Outcome::kHit);
  EXPECT_EQ(found.session->data.id, "a");
  EXPECT_EQ(cache.FindById("a"), found.session);
  EXPECT_EQ(cache.Find(Key(2), kNow).outcome, Outcome::kMiss);
}

TEST(SessionCache, ManyEntriesSurviveGrowthAndRemoval) {
  SessionCache cache(5000);
  for (std::uint32_t i = 0; i < 3000; ++i) ASSERT_TRUE(cache.Insert(Key(i), Make(std::to_string(i)), cache.sequence()));
  for (std::uint32_t i = 0; i < 3000; i += 3) cache.End(std::to_string(i));
  for (std::uint32_t i = 0; i < 3000; ++i) {
    EXPECT_EQ(cache.Find(Key(i), kNow).outcome, i % 3 == 0 ? Outcome::kMiss : Outcome::kHit) << i;
  }
  EXPECT_EQ(cache.size(), 2000u);
}

TEST(SessionCache, AFullCacheDropsWhatWasNotUsed) {
  SessionCache cache(3);
  for (std::uint32_t i = 0; i < 3; ++i) cache.Insert(Key(i), Make(std::to_string(i)), cache.sequence());
  cache.Find(Key(0), kNow);
  cache.Find(Key(2), kNow);
  cache.Insert(Key(3), Make("3"), cache.sequence());
  EXPECT_EQ(cache.size(), 3u);
  EXPECT_EQ(cache.Find(Key(1), kNow).outcome, Outcome::kMiss);
  EXPECT_EQ(cache.Find(Key(0), kNow).outcome, Outcome::kHit);
}

TEST(SessionCache, SessionsInUseNeverLeaveAFullCache) {
  SessionCache cache(1);
  SessionRef held = Make("held");
  cache.Insert(Key(0), held, cache.sequence());
  for (std::uint32_t i = 1; i < 20; ++i) cache.Insert(Key(i), Make(std::to_string(i)), cache.sequence());
  EXPECT_EQ(cache.Find(Key(0), kNow).session, held.get());
  EXPECT_LE(cache.size(), 2u);
}

TEST(SessionCache, S5_RevokeEndsTheSessionAndCutsItsExchanges) {
  SessionCache cache(10);
  SessionRef session = Make("a");
  cache.Insert(Key(1), session, cache.sequence());
  cache.Insert(Key(2), session, cache.sequence());
  Exchange exchange;
  exchange.live.LinkTo(session->live);
  cache.Revoke("a", kNow + hours(10));
  EXPECT_EQ(exchange.cuts, 1);
  EXPECT_TRUE(session->ended);
  EXPECT_NE(cache.Find(Key(1), kNow).outcome, Outcome::kHit);
  EXPECT_NE(cache.Find(Key(2), kNow).outcome, Outcome::kHit);
  EXPECT_TRUE(cache.IsRevoked("a"));
}

TEST(SessionCache, S5_ALoadThatBeganBeforeARevocationIsRefused) {
  SessionCache cache(10);
  const auto began = cache.sequence();
  cache.Revoke("other", kNow + hours(1));
  EXPECT_FALSE(cache.Insert(Key(1), Make("a"), began));
  cache.InsertUnknown(Key(2), kNow, began);
  EXPECT_EQ(cache.Find(Key(2), kNow).outcome, Outcome::kMiss);
  EXPECT_TRUE(cache.Insert(Key(1), Make("a"), cache.sequence()));
}

TEST(SessionCache, S5_ARevokedIdIsRefusedUntilItsEndAndForgottenThen) {
  SessionCache cache(10);
  SessionCache::Due due;
  cache.Revoke("a", kNow + hours(1));
  cache.Revoke("a", kNow + hours(2));
  EXPECT_FALSE(cache.Insert(Key(1), Make("a"), cache.sequence()));
  cache.Sweep(kNow + hours(1), due);
  EXPECT_TRUE(cache.IsRevoked("a"));
  cache.Sweep(kNow + hours(2), due);
  EXPECT_FALSE(cache.IsRevoked("a"));
}

TEST(SessionCache, UnknownTokensAreRememberedBriefly) {
  SessionCache cache(10);
  cache.InsertUnknown(Key(1), kNow, cache.sequence());
  EXPECT_EQ(cache.Find(Key(1), kNow + seconds(4)).outcome, Outcome::kKnownUnknown);
  EXPECT_EQ(cache.Find(Key(1), kNow + seconds(5)).outcome, Outcome::kMiss);
  cache.InsertUnknown(Key(1), kNow, cache.sequence());
  cache.Forget("whatever");
  EXPECT_EQ(cache.Find(Key(1), kNow).outcome, Outcome::kMiss);
}

TEST(SessionCache, S4_TheAbsoluteEndEndsTheSessionAtOnce) {
  SessionCache cache(10);
  SessionRef session = Make("a", kNow + hours(10), kNow + hours(10));
  cache.Insert(Key(1), session, cache.sequence());
  EXPECT_EQ(cache.Find(Key(1), kNow + hours(10) - Duration(1)).outcome, Outcome::kHit);
  EXPECT_EQ(cache.Find(Key(1), kNow + hours(10)).outcome, Outcome::kKnownUnknown);
  EXPECT_TRUE(session->ended);
  EXPECT_EQ(cache.size(), 0u);
}

TEST(SessionCache, S4_AnIdleSessionIsAMissSoThatTheStoreDecides) {
  SessionCache cache(10);
  cache.Insert(Key(1), Make("a"), cache.sequence());
  EXPECT_EQ(cache.Find(Key(1), kNow + hours(1)).outcome, Outcome::kMiss);
  EXPECT_EQ(cache.size(), 0u);
}

TEST(SessionCache, S5_SweepCutsStreamsOfSessionsThatRanOut) {
  SessionCache cache(10);
  SessionCache::Due due;
  SessionRef session = Make("a", kNow + minutes(1), kNow + minutes(1));
  cache.Insert(Key(1), session, cache.sequence());
  Exchange exchange;
  exchange.live.LinkTo(session->live);
  cache.Sweep(kNow + minutes(1) - Duration(1), due);
  EXPECT_EQ(exchange.cuts, 0);
  cache.Sweep(kNow + minutes(1), due);
  EXPECT_EQ(exchange.cuts, 1);
  EXPECT_TRUE(session->ended);
}

TEST(SessionCache, S5_SweepReportsIdleSessionsInUseUntilTheyAreEndedOrMoveOn) {
  SessionCache cache(10);
  SessionCache::Due due;
  SessionRef session = Make("a");
  cache.Insert(Key(1), session, cache.sequence());
  Exchange exchange;
  exchange.live.LinkTo(session->live);
  cache.Sweep(kNow + hours(1), due);
  ASSERT_EQ(due.idle.size(), 1u);
  EXPECT_EQ(exchange.cuts, 0);

  session->idle_end = session->written_idle_end = kNow + hours(2);
  due = {};
  cache.Sweep(kNow + hours(1) + seconds(5), due);
  EXPECT_TRUE(due.idle.empty());
  cache.Sweep(kNow + hours(2), due);
  ASSERT_EQ(due.idle.size(), 1u);
  cache.End("a");
  EXPECT_EQ(exchange.cuts, 1);
  EXPECT_FALSE(cache.IsRevoked("a"));
}

TEST(SessionCache, SweepReportsUnwrittenUseBeforeTheStoresIdleEnd) {
  SessionCache cache(10);
  SessionCache::Due due;
  SessionRef session = Make("a");
  cache.Insert(Key(1), session, cache.sequence());
  session->idle_end = kNow + minutes(90);
  cache.Sweep(kNow + hours(1) - seconds(11), due);
  EXPECT_TRUE(due.unwritten.empty());
  cache.Sweep(kNow + hours(1) - seconds(10), due);
  ASSERT_EQ(due.unwritten.size(), 1u);
  EXPECT_EQ(due.unwritten[0].get(), session.get());
}

TEST(SessionCache, S5_AForgottenSessionKeepsItsExchangesAndARevocationStillCutsThem) {
  SessionCache cache(10);
  SessionRef old = Make("a");
  cache.Insert(Key(1), old, cache.sequence());
  Exchange early;
  early.live.LinkTo(old->live);
  cache.Forget("a");
  EXPECT_EQ(cache.Find(Key(1), kNow).outcome, Outcome::kMiss);
  EXPECT_EQ(early.cuts, 0);

  old->idle_end = kNow + hours(2);
  ASSERT_TRUE(cache.Insert(Key(1), Make("a", kNow + hours(1), kNow + hours(10), 2), cache.sequence()));
  Session* fresh = cache.Find(Key(1), kNow).session;
  ASSERT_NE(fresh, old.get());
  EXPECT_EQ(fresh->idle_end, kNow + hours(2));
  Exchange late_on_old;
  late_on_old.live.LinkTo(old->live);
  cache.Revoke("a", kNow + hours(10));
  EXPECT_EQ(early.cuts, 1);
  EXPECT_EQ(late_on_old.cuts, 1);
  EXPECT_TRUE(old->ended);
}

TEST(SessionCache, S5_AForgottenSessionIsCutWithoutHavingBeenLoadedAgain) {
  SessionCache cache(10);
  SessionRef session = Make("a");
  cache.Insert(Key(1), session, cache.sequence());
  Exchange exchange;
  exchange.live.LinkTo(session->live);
  cache.Forget("a");
  cache.Revoke("a", kNow + hours(10));
  EXPECT_EQ(exchange.cuts, 1);
}

TEST(SessionCache, ForgottenSessionsThatNobodyHoldsLeaveWithTheSweep) {
  SessionCache cache(10);
  SessionCache::Due due;
  {
    SessionRef session = Make("a");
    cache.Insert(Key(1), session, cache.sequence());
    cache.Forget("a");
    cache.Sweep(kNow, due);
    EXPECT_EQ(cache.size(), 1u);
  }
  cache.Sweep(kNow, due);
  EXPECT_EQ(cache.size(), 0u);
}

TEST(SessionCache, AnOlderVersionDoesNotReplaceACurrentEntry) {
  SessionCache cache(10);
  cache.Insert(Key(2), Make("a", kNow + hours(1), kNow + hours(10), 2), cache.sequence());
  cache.Insert(Key(1), Make("a", kNow + hours(2), kNow + hours(10), 1), cache.sequence(), kNow + hours(2));
  Session* session = cache.Find(Key(1), kNow).session;
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(session->data.version, 2);
  EXPECT_EQ(session->idle_end, kNow + hours(2));
}

TEST(SessionCache, S4_ACookieValueEndsAtItsOwnEnd) {
  SessionCache cache(10);
  cache.Insert(Key(1), Make("a", kNow + hours(2)), cache.sequence(), kNow + hours(1));
  cache.Insert(Key(2), Make("a", kNow + hours(2)), cache.sequence(), kNow + hours(2));
  EXPECT_EQ(cache.Find(Key(1), kNow + hours(1)).outcome, Outcome::kMiss);
  EXPECT_EQ(cache.Find(Key(2), kNow + hours(1)).outcome, Outcome::kHit);
}

TEST(SessionCache, KeysOfOneSessionAreBounded) {
  SessionCache cache(10);
  SessionRef session = Make("a");
  for (std::uint32_t i = 0; i < 6; ++i) cache.Insert(Key(i), session, cache.sequence());
  EXPECT_EQ(cache.Find(Key(0), kNow).outcome, Outcome::kMiss);
  EXPECT_EQ(cache.Find(Key(1), kNow).outcome, Outcome::kMiss);
  EXPECT_EQ(cache.Find(Key(2), kNow).outcome, Outcome::kHit);
  EXPECT_EQ(cache.Find(Key(5), kNow).outcome, Outcome::kHit);
}

}  // namespace
}  // namespace sallyport::session
