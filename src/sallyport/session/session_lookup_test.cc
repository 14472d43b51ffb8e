// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/session/session_test_harness.h"
#include "sallyport/token/session_token.h"

namespace sallyport::session {
namespace {

// Rules that hold whatever the strategy.
class SessionLookup : public testing::TestWithParam<Strategy> {
 protected:
  Harness harness{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Strategies, SessionLookup, testing::Values(Strategy::kDatabase, Strategy::kJwt),
                         [](const auto& p) { return p.param == Strategy::kJwt ? "jwt" : "database"; });

TEST_P(SessionLookup, ASessionIsFoundOnEveryWorker) {
  const auto begun = harness.SignIn();
  for (const std::size_t worker : {0, 1, 0}) {
    const Seen seen = harness.Look(worker, {"theme=dark", harness.CookieOf(begun.cookie_value)});
    EXPECT_EQ(seen.state, CookieState::kValid);
    EXPECT_EQ(seen.id, begun.id);
    EXPECT_EQ(seen.user_id, harness.user.id);
    EXPECT_EQ(seen.name, "Ada");
    EXPECT_EQ(seen.csrf_token.size(), 43u);
  }
}

TEST_P(SessionLookup, NoCookieIsNoSession) { EXPECT_EQ(harness.Look(0, {"theme=dark"}).state, CookieState::kNone); }

TEST_P(SessionLookup, S1_UnknownValuesAreNeverAdopted) {
  for (const std::string& value : {std::string(43, 'A'), std::string("x"), std::string(), std::string("a.b.c.d.e"), std::string(5000, 'z')}) {
    EXPECT_EQ(harness.StateOf(0, value), CookieState::kInvalid) << value;
  }
  EXPECT_TRUE(harness.On(0, harness.service().ListForUser(harness.user.id))->empty());
}

TEST_P(SessionLookup, S2_APrefixInAnotherCaseIsNoSessionCookie) {
  const auto begun = harness.SignIn();
  EXPECT_EQ(harness.Look(0, {"__secure-authjs.session-token=" + begun.cookie_value}).state, CookieState::kNone);
  EXPECT_EQ(harness.Look(0, {"AUTHJS.session-token=" + begun.cookie_value}).state, CookieState::kNone);
}

TEST_P(SessionLookup, S3_OfTwoCookiesTheOneThatOpensCounts) {
  const auto begun = harness.SignIn();
  const std::string good = harness.CookieOf(begun.cookie_value), bad = harness.CookieOf(token::MintSessionToken(harness.random));
  for (const auto& order : {std::pair(good, bad), std::pair(bad, good)}) {
    EXPECT_EQ(harness.Look(0, {order.first + "; " + order.second}).id, begun.id);
    EXPECT_EQ(harness.Look(1, {order.first, order.second}).id, begun.id);
  }
}

TEST_P(SessionLookup, S3_TwoCookiesThatBothOpenAreNoSession) {
  const auto one = harness.SignIn(), other = harness.SignIn();
  const Seen seen = harness.Look(0, {harness.CookieOf(one.cookie_value), harness.CookieOf(other.cookie_value)});
  EXPECT_EQ(seen.state, CookieState::kAmbiguous);
  EXPECT_EQ(seen.id, "");
  EXPECT_EQ(harness.StateOf(0, one.cookie_value), CookieState::kValid);
}

TEST_P(SessionLookup, S3_TheSameValueTwiceIsOneCookie) {
  const auto begun = harness.SignIn();
  const std::string cookie = harness.CookieOf(begun.cookie_value);
  EXPECT_EQ(harness.Look(0, {cookie + "; " + cookie, cookie}).id, begun.id);
}

TEST_P(SessionLookup, ChunksAreJoined) {
  const auto begun = harness.SignIn();
  const std::string value = begun.cookie_value, name = harness.names.session;
  const Seen seen = harness.Look(0, {name + ".1=" + value.substr(20), name + ".0=" + value.substr(0, 20)});
  EXPECT_EQ(seen.id, begun.id);
  EXPECT_EQ(harness.Look(0, {name + ".1=" + value}).state, CookieState::kInvalid);
}

TEST_P(SessionLookup, S4_TheAbsoluteEndComesHoweverMuchTheSessionIsUsed) {
  auto begun = harness.SignIn();
  for (int i = 0; i < 19; ++i) {
    harness.clock.Advance(minutes(30));
    const Seen seen = harness.Look(0, {harness.CookieOf(begun.cookie_value)});
    ASSERT_EQ(seen.state, CookieState::kValid) << i;
    EXPECT_LE(seen.idle_end, seen.absolute_end);
    if (seen.renew_cookie) begun = *harness.Renew(0, begun.cookie_value);
  }
  harness.clock.Advance(minutes(30));
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kInvalid);
  EXPECT_EQ(harness.StateOf(1, begun.cookie_value), CookieState::kInvalid);
}

TEST_P(SessionLookup, S4_AnIdleSessionEnds) {
  const auto begun = harness.SignIn();
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kValid);
  harness.clock.Advance(hours(1));
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kInvalid);
  EXPECT_EQ(harness.StateOf(1, begun.cookie_value), CookieState::kInvalid);
}

TEST_P(SessionLookup, S4_PollingExtendsNothing) {
  const auto begun = harness.SignIn();
  harness.clock.Advance(minutes(40));
  const Seen seen = harness.Look(0, {harness.CookieOf(begun.cookie_value)}, false);
  EXPECT_EQ(seen.state, CookieState::kValid);
  EXPECT_FALSE(seen.renew_cookie);
  EXPECT_EQ(seen.idle_end, harness.clock.Now() + minutes(20));
  harness.clock.Advance(minutes(20));
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kInvalid);
}

TEST_P(SessionLookup, AHitNeedsNoStore) {
  const auto begun = harness.SignIn();
  harness.Look(0, {harness.CookieOf(begun.cookie_value)});
  const int reads = harness.store.spy.reads;
  for (int i = 0; i < 10; ++i) harness.Look(0, {harness.CookieOf(begun.cookie_value)});
  EXPECT_EQ(harness.store.spy.reads, reads);
}

class DatabaseLookup : public testing::Test {
 protected:
  Harness harness;
};

TEST_F(DatabaseLookup, S44_OnlyWellFormedTokensReachTheStore) {
  for (const std::string& value : {std::string("x"), std::string(44, 'A'), std::string(42, 'A') + "=", std::string("a.b.c.d.e")}) {
    EXPECT_EQ(harness.StateOf(0, value), CookieState::kInvalid);
  }
  EXPECT_EQ(harness.store.spy.reads, 0);
}

TEST_F(DatabaseLookup, AnUnknownTokenIsAskedForOnceInFiveSeconds) {
  const std::string token = token::MintSessionToken(harness.random);
  harness.StateOf(0, token);
  harness.StateOf(0, token);
  EXPECT_EQ(harness.store.spy.reads, 1);
  harness.clock.Advance(seconds(5));
  harness.StateOf(0, token);
  EXPECT_EQ(harness.store.spy.reads, 2);
}

TEST_F(DatabaseLookup, S60_StoreTroubleIsAnErrorAndNeverAnAnswer) {
  const auto begun = harness.SignIn();
  harness.store.spy.broken = true;
  const auto seen = harness.TryLook(0, {harness.CookieOf(begun.cookie_value)});
  ASSERT_FALSE(seen);
  EXPECT_TRUE(seen.error().Is(store::Errc::kUnavailable));
  harness.store.spy.broken = false;
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kValid);
}

TEST_F(DatabaseLookup, S60_TroubleWithOneOfTwoCookiesIsAnError) {
  const auto begun = harness.SignIn();
  harness.Look(0, {harness.CookieOf(begun.cookie_value)});
  harness.store.spy.broken = true;
  EXPECT_FALSE(harness.TryLook(0, {harness.CookieOf(begun.cookie_value), harness.CookieOf(token::MintSessionToken(harness.random))}));
}

TEST_F(DatabaseLookup, S5_SessionsOfDisabledUsersAreNone) {
  const auto begun = harness.SignIn();
  harness.store.spy.show_users_disabled = true;
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kInvalid);
}

TEST_F(DatabaseLookup, ParallelMissesOfOneTokenReadTheStoreOnce) {
  const auto begun = harness.SignIn();
  const int before = harness.store.spy.reads;
  auto held = harness.store.spy.HoldNextRead();
  std::vector<std::future<Result<Seen>>> looks;
  for (int i = 0; i < 5; ++i) looks.push_back(harness.BeginLook(0, {harness.CookieOf(begun.cookie_value)}));
  held.get();
  harness.Settle(0);
  EXPECT_EQ(harness.store.spy.reads, before + 1);
  harness.store.spy.Release();
  for (auto& look : looks) EXPECT_EQ(look.get()->id, begun.id);
  EXPECT_EQ(harness.store.spy.reads, before + 1);
}

TEST_F(DatabaseLookup, S60_EveryoneWhoWaitsForABrokenReadGetsTheError) {
  const auto begun = harness.SignIn();
  auto held = harness.store.spy.HoldNextRead();
  auto first = harness.BeginLook(0, {harness.CookieOf(begun.cookie_value)});
  held.get();
  auto second = harness.BeginLook(0, {harness.CookieOf(begun.cookie_value)});
  harness.Settle(0);
  // The revocation makes the held answer worthless, and the read that follows fails.
  EXPECT_TRUE(harness.On(1, harness.service().Announce({{1, "another", "u", model::EndReason::kSignedOut, harness.clock.Now() + hours(1)}})));
  harness.store.spy.broken = true;
  harness.store.spy.Release();
  EXPECT_FALSE(first.get());
  EXPECT_FALSE(second.get());
}

TEST_F(DatabaseLookup, S5_ALoadThatRacesARevocationLoses) {
  const auto begun = harness.SignIn();
  auto held = harness.store.spy.HoldNextRead();
  auto look = harness.BeginLook(0, {harness.CookieOf(begun.cookie_value)});
  held.get();  // the row has been read
  EXPECT_EQ(harness.On(1, harness.service().End(begun.id, std::nullopt, model::EndReason::kSignedOut))->count, 1u);
  harness.store.spy.Release();
  EXPECT_EQ(look.get()->state, CookieState::kInvalid);
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kInvalid);
}

TEST_F(DatabaseLookup, ALoadThatRacesTheEndOfAnotherSessionIsReadAgain) {
  const auto begun = harness.SignIn(), other = harness.SignIn();
  auto held = harness.store.spy.HoldNextRead();
  auto look = harness.BeginLook(0, {harness.CookieOf(begun.cookie_value)});
  held.get();
  EXPECT_EQ(harness.On(1, harness.service().End(other.id, std::nullopt, model::EndReason::kSignedOut))->count, 1u);
  harness.store.spy.Release();
  EXPECT_EQ(look.get()->id, begun.id);
}

TEST_F(DatabaseLookup, PresentCookieNamesListsWhatTheRequestCarried) {
  const std::string name = harness.names.session;
  const std::string cookies = name + "=a; " + name + ".0=b; theme=x; " + name + ".1=c";
  http::HeaderTable table;
  table.Add({"cookie", cookies, http::HeaderId::kCookie});
  EXPECT_EQ(harness.service().PresentCookieNames(table), (std::vector<std::string>{name, name + ".0", name + ".1"}));
}

// As many as told; counts what is taken back.
struct CountedGuesses final : TokenGuesses {
  bool Admit(const http::IpAddress&) override {
    if (left <= 0) return false;
    --left;
    return true;
  }
  void Withdraw(const http::IpAddress&) override { ++left; }
  std::atomic<int> left = 2;
};

TEST(SessionGuesses, S55_UnknownTokensAreLimitedBeforeTheStoreAndKnownSessionsAreNot) {
  CountedGuesses guesses;
  Harness harness;
  harness.guesses = &guesses;
  const auto good = harness.SignIn(), other = harness.SignIn();
  const auto unknown = [&] { return token::MintSessionToken(harness.random); };
  for (int i = 0; i < 2; ++i) EXPECT_EQ(harness.StateOf(0, unknown()), CookieState::kInvalid);
  const int reads = harness.store.spy.reads;
  const auto refused = harness.TryLook(0, {harness.CookieOf(unknown())});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().Is(Errc::kTooManyGuesses));
  EXPECT_EQ(harness.store.spy.reads, reads) << "the store is not asked";
  for (const std::size_t worker : {0, 1}) {
    EXPECT_EQ(harness.StateOf(worker, good.cookie_value), CookieState::kValid) << "on a worker that has not seen it";
    EXPECT_EQ(harness.StateOf(worker, other.cookie_value), CookieState::kValid);
  }
}

TEST(SessionGuesses, WhatTheStoreKnowsOrCannotSayDoesNotCount) {
  CountedGuesses guesses;
  Harness harness;
  const auto begun = harness.SignIn();
  harness.guesses = &guesses;
  harness.Restart();   // knows no token
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kValid);
  EXPECT_EQ(guesses.left, 2);
  harness.store.spy.broken = true;
  EXPECT_FALSE(harness.TryLook(1, {harness.CookieOf(token::MintSessionToken(harness.random))}));
  EXPECT_EQ(guesses.left, 2);
}

TEST(SessionGuesses, S60_ARequestWithOneTokenTooManyIsRefusedNotHalfBelieved) {
  CountedGuesses guesses;
  guesses.left = 0;
  Harness harness;
  harness.guesses = &guesses;
  const auto good = harness.SignIn();
  EXPECT_FALSE(harness.TryLook(0, {harness.CookieOf(good.cookie_value), harness.CookieOf(token::MintSessionToken(harness.random))}));
}

}  // namespace
}  // namespace sallyport::session
