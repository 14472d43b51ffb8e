// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <set>
#include <thread>

#include "sallyport/session/session_claims.h"
#include "sallyport/session/session_test_harness.h"
#include "sallyport/token/session_token.h"

namespace sallyport::session {
namespace {

class SessionServiceTest : public testing::TestWithParam<Strategy> {
 protected:
  bool End(std::size_t worker, const model::SessionId& id, std::optional<model::UserId> owner = std::nullopt) {
    return harness.On(worker, harness.service().End(id, std::move(owner), model::EndReason::kSignedOut))->count > 0;
  }
  Harness harness{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Strategies, SessionServiceTest, testing::Values(Strategy::kDatabase, Strategy::kJwt),
                         [](const auto& p) { return p.param == Strategy::kJwt ? "jwt" : "database"; });

TEST_P(SessionServiceTest, S1_EverySignInHasNewIdsAndTheReplacedSessionDies) {
  const auto first = harness.SignIn();
  EXPECT_EQ(harness.StateOf(1, first.cookie_value), CookieState::kValid);
  const auto second = harness.SignIn(first.id);
  EXPECT_NE(first.id, second.id);
  EXPECT_NE(first.cookie_value, second.cookie_value);
  EXPECT_EQ(second.id.size(), 22u);
  for (const std::size_t worker : {0, 1}) {
    EXPECT_EQ(harness.StateOf(worker, first.cookie_value), CookieState::kInvalid);
    EXPECT_EQ(harness.StateOf(worker, second.cookie_value), CookieState::kValid);
  }
}

TEST_P(SessionServiceTest, S5_SignOutEndsTheSessionOnEveryWorkerAndCutsItsStreams) {
  const auto begun = harness.SignIn(), other = harness.SignIn();
  const auto here = harness.Open(0, begun.cookie_value), there = harness.Open(1, begun.cookie_value);
  const auto foreign = harness.Open(1, other.cookie_value);
  EXPECT_TRUE(End(0, begun.id));
  EXPECT_EQ(here->cuts, 1);
  EXPECT_EQ(there->cuts, 1);
  EXPECT_EQ(foreign->cuts, 0);
  for (const std::size_t worker : {0, 1}) EXPECT_EQ(harness.StateOf(worker, begun.cookie_value), CookieState::kInvalid);
  EXPECT_FALSE(End(0, begun.id));
}

TEST_P(SessionServiceTest, OnlyTheOwnerEndsTheirSession) {
  const auto begun = harness.SignIn();
  EXPECT_FALSE(End(0, begun.id, "somebody else"));
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kValid);
  EXPECT_TRUE(End(0, begun.id, harness.user.id));
}

TEST_P(SessionServiceTest, S5_AllOtherSessionsOfAUserEndTogether) {
  const auto one = harness.SignIn(), two = harness.SignIn(), three = harness.SignIn();
  harness.StateOf(1, two.cookie_value);
  EXPECT_EQ(harness.On(1, harness.service().EndAllOfUser(harness.user.id, two.id, model::EndReason::kRevokedByUser))->count, 2u);
  EXPECT_EQ(harness.StateOf(0, one.cookie_value), CookieState::kInvalid);
  EXPECT_EQ(harness.StateOf(1, two.cookie_value), CookieState::kValid);
  EXPECT_EQ(harness.StateOf(1, three.cookie_value), CookieState::kInvalid);
  EXPECT_EQ(harness.On(0, harness.service().ListForUser(harness.user.id))->size(), 1u);
}

TEST_P(SessionServiceTest, S5_DisablingAUserEndsTheirSessions) {
  const auto begun = harness.SignIn();
  const auto stream = harness.Open(1, begun.cookie_value);
  auto ended = harness.On(0, harness.store.sessions().SetUserDisabled(harness.user.id, true));
  ASSERT_TRUE(ended);
  EXPECT_TRUE(harness.On(0, harness.service().Announce(*ended)));
  EXPECT_EQ(stream->cuts, 1);
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kInvalid);
  EXPECT_TRUE(harness.On(0, harness.store.sessions().SetUserDisabled(harness.user.id, false)));
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kInvalid);
}

TEST_P(SessionServiceTest, S5_ARevocationOutlivesTheProcess) {
  const auto begun = harness.SignIn();
  EXPECT_TRUE(End(0, begun.id));
  harness.Restart();
  ASSERT_TRUE(harness.On(0, harness.service().Start()));
  for (const std::size_t worker : {0, 1}) EXPECT_EQ(harness.StateOf(worker, begun.cookie_value), CookieState::kInvalid);
}

TEST_P(SessionServiceTest, S6_NoSessionExistsWhenTheSignInIsNotCommitted) {
  BeginSession request;
  request.user = harness.user;
  request.method = "password";
  harness.store.spy.broken = true;
  const auto unavailable = harness.On(0, harness.service().Begin(std::move(request)));
  ASSERT_FALSE(unavailable);
  EXPECT_TRUE(unavailable.error().Is(store::Errc::kUnavailable));
  harness.store.spy.broken = false;
  EXPECT_TRUE(harness.On(0, harness.store.sessions().SetUserDisabled(harness.user.id, true)));
  BeginSession disabled;
  disabled.user = harness.user;
  const auto refused = harness.On(0, harness.service().Begin(std::move(disabled)));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().Is(store::Errc::kNotFound));
  EXPECT_TRUE(harness.On(0, harness.service().ListForUser(harness.user.id))->empty());
}

TEST_P(SessionServiceTest, S60_AnEndThatTheStoreDidNotCommitIsAnError) {
  const auto begun = harness.SignIn();
  harness.store.spy.broken = true;
  EXPECT_FALSE(harness.On(0, harness.service().End(begun.id, std::nullopt, model::EndReason::kSignedOut)));
}

TEST_P(SessionServiceTest, TheRowSaysWhoAndFromWhere) {
  const auto begun = harness.SignIn();
  const auto row = harness.Row(begun.id);
  EXPECT_EQ(row.user_id, harness.user.id);
  EXPECT_EQ(row.ip, "192.0.2.1");
  EXPECT_EQ(row.user_agent.size(), 256u);
  EXPECT_EQ(row.absolute_end, harness.clock.Now() + hours(10));
  EXPECT_EQ(row.idle_end, harness.clock.Now() + hours(1));
  EXPECT_EQ(row.token_hash.has_value(), GetParam() == Strategy::kDatabase);
}

TEST_P(SessionServiceTest, ClaimsAreMergedAndSeenAfterTheNextLoad) {
  auto begun = harness.SignIn(std::nullopt, {{"role", "editor"}, {"theme", "light"}});
  const auto stream = harness.Open(1, begun.cookie_value);
  ASSERT_TRUE(harness.UpdateClaims(0, begun.cookie_value, {{"theme", "dark"}}));
  if (GetParam() == Strategy::kJwt) begun = *harness.Renew(0, begun.cookie_value);
  for (const std::size_t worker : {0, 1}) {
    EXPECT_EQ(harness.Look(worker, {harness.CookieOf(begun.cookie_value)}).claims, R"({"role":"editor","theme":"dark"})");
  }
  EXPECT_EQ(stream->cuts, 0);
  EXPECT_TRUE(End(0, begun.id));
  EXPECT_EQ(stream->cuts, 1);
}

TEST_P(SessionServiceTest, NullRemovesAClaim) {
  const auto begun = harness.SignIn(std::nullopt, {{"theme", "light"}});
  ASSERT_TRUE(harness.UpdateClaims(0, begun.cookie_value, {{"theme", nullptr}}));
  EXPECT_EQ(harness.Row(begun.id).claims_json, "{}");
}

TEST_P(SessionServiceTest, ClaimsThatAreNotListedOrReservedOrTooLargeAreRefused) {
  const auto begun = harness.SignIn();
  for (const json::object& changes : {json::object{{"role", "admin"}}, json::object{{"sub", "root"}},
                                      json::object{{"theme", std::string(5000, 'x')}}, json::object{{"theme", 1}, {"role", 1}}}) {
    const auto changed = harness.UpdateClaims(0, begun.cookie_value, changes);
    ASSERT_FALSE(changed);
    EXPECT_TRUE(changed.error().Is(Errc::kClaimNotAllowed));
  }
  EXPECT_EQ(harness.Row(begun.id).claims_json, "{}");
}

TEST_P(SessionServiceTest, ALostCompareAndSwapOfClaimsIsTriedAgain) {
  const auto begun = harness.SignIn();
  harness.store.spy.conflicts_to_inject = 2;
  EXPECT_TRUE(harness.UpdateClaims(0, begun.cookie_value, {{"theme", "dark"}}));
  EXPECT_EQ(harness.Row(begun.id).claims_json, R"({"theme":"dark"})");
}

TEST_P(SessionServiceTest, TokensAreSealedAndReplacedByVersion) {
  const auto begun = harness.SignIn(std::nullopt, {}, {{"access_token", "at-1"}});
  EXPECT_EQ(harness.Row(begun.id).sealed_tokens.find("at-1"), std::string::npos);
  const auto loaded = harness.On(0, harness.service().LoadTokens(begun.id));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(json::serialize(loaded->first), R"({"access_token":"at-1"})");
  EXPECT_TRUE(harness.On(0, harness.service().ReplaceTokens(begun.id, loaded->second, {{"access_token", "at-2"}})));
  const auto late = harness.On(1, harness.service().ReplaceTokens(begun.id, loaded->second, {{"access_token", "at-3"}}));
  ASSERT_FALSE(late);
  EXPECT_TRUE(late.error().Is(store::Errc::kConflict));
  EXPECT_EQ(json::serialize(harness.On(1, harness.service().LoadTokens(begun.id))->first), R"({"access_token":"at-2"})");
}

TEST_P(SessionServiceTest, WhoEndsASessionGetsTheTokensThatItHadAtItsEnd) {
  const auto begun = harness.SignIn(std::nullopt, {}, {{"access_token", "at-1"}}), other = harness.SignIn(std::nullopt, {}, {{"access_token", "ot-1"}}), bare = harness.SignIn();
  ASSERT_TRUE(harness.On(0, harness.service().ReplaceTokens(begun.id, 1, {{"access_token", "at-2"}})));
  const auto one = harness.On(1, harness.service().End(begun.id, std::nullopt, model::EndReason::kSignedOut));
  ASSERT_EQ(one->tokens.size(), 1u);
  EXPECT_EQ(json::serialize(one->tokens[0]), R"({"access_token":"at-2"})");
  EXPECT_TRUE(harness.On(1, harness.service().End(begun.id, std::nullopt, model::EndReason::kSignedOut))->tokens.empty());
  const auto rest = harness.On(0, harness.service().EndAllOfUser(harness.user.id, std::nullopt, model::EndReason::kRevokedByUser));
  EXPECT_EQ(rest->count, 2u);
  ASSERT_EQ(rest->tokens.size(), 1u);
  EXPECT_EQ(json::serialize(rest->tokens[0]), R"({"access_token":"ot-1"})");
}

TEST_P(SessionServiceTest, S45_TokensSealedForOneSessionDoNotOpenForAnother) {
  const std::string sealed = harness.service().SealTokens("one", {{"access_token", "x"}});
  EXPECT_TRUE(harness.service().OpenTokens("one", sealed));
  EXPECT_FALSE(harness.service().OpenTokens("two", sealed));
  EXPECT_TRUE(harness.service().OpenTokens("two", "")->empty());
}

TEST_P(SessionServiceTest, TokensOfAnEndedSessionAreGone) {
  const auto begun = harness.SignIn(std::nullopt, {}, {{"access_token", "at-1"}});
  EXPECT_TRUE(End(0, begun.id));
  const auto loaded = harness.On(0, harness.service().LoadTokens(begun.id));
  ASSERT_FALSE(loaded);
  EXPECT_TRUE(loaded.error().Is(Errc::kEnded));
  const auto replaced = harness.On(0, harness.service().ReplaceTokens(begun.id, 1, {}));
  ASSERT_FALSE(replaced);
  EXPECT_TRUE(replaced.error().Is(Errc::kEnded));
}

TEST_P(SessionServiceTest, S5_ExchangesWhoseGroupIsTakenAwayAreCutOnEveryWorkerAndNoOthers) {
  harness.user.groups = {"staff", "writers"};
  ASSERT_TRUE(harness.SetGroups(0, harness.user.groups));
  const auto begun = harness.SignIn();
  const auto here = harness.Open(0, begun.cookie_value, "staff"), there = harness.Open(1, begun.cookie_value, "staff");
  const auto writing = harness.Open(1, begun.cookie_value, "writers"), unasked = harness.Open(1, begun.cookie_value);
  ASSERT_TRUE(harness.SetGroups(0, {"writers"}));
  EXPECT_EQ(here->cuts, 1);
  EXPECT_EQ(there->cuts, 1);
  EXPECT_EQ(writing->cuts, 0);
  EXPECT_EQ(unasked->cuts, 0);
  // A new object of the session took them over; they still end with it.
  for (const std::size_t worker : {0, 1}) {
    EXPECT_EQ(harness.Look(worker, {harness.CookieOf(begun.cookie_value)}).groups, std::vector<std::string>{"writers"});
  }
  EXPECT_TRUE(End(0, begun.id));
  EXPECT_EQ(writing->cuts, 1);
  EXPECT_EQ(unasked->cuts, 1);
}

TEST_P(SessionServiceTest, S5_AnExchangeThatBeganWithTheOldGroupsIsCutWhenItLinks) {
  const auto begun = harness.SignIn();
  const auto slow = harness.Open(1, begun.cookie_value);   // holds the session, as a request whose form still comes in
  ASSERT_TRUE(harness.SetGroups(0, {}));
  harness.OnWorker(1, [&] {
    TestExchange late(slow->session, "staff");
    EXPECT_EQ(late.cuts, 1);
  });
}

TEST_P(SessionServiceTest, S60_WhenTheChangedProfileCannotBeReadExchangesThatAskAreCut) {
  const auto begun = harness.SignIn();
  const auto asks = harness.Open(1, begun.cookie_value, "staff"), unasked = harness.Open(1, begun.cookie_value);
  harness.store.spy.broken = true;
  const auto changed = harness.On(0, harness.service().ProfileChanged(harness.user.id));
  ASSERT_FALSE(changed);
  EXPECT_TRUE(changed.error().Is(store::Errc::kUnavailable));
  EXPECT_EQ(asks->cuts, 1);
  EXPECT_EQ(unasked->cuts, 0);
}

TEST_P(SessionServiceTest, S5_ExchangesWhoseClaimIsTakenAwayAreCut) {
  const auto begun = harness.SignIn(std::nullopt, {{"theme", "dark"}}), other = harness.SignIn(std::nullopt, {{"theme", "dark"}});
  const auto asks = harness.Open(1, begun.cookie_value, "theme"), unasked = harness.Open(1, begun.cookie_value);
  const auto elsewhere = harness.Open(1, other.cookie_value, "theme");
  ASSERT_TRUE(harness.UpdateClaims(0, begun.cookie_value, {{"theme", "light"}}));
  EXPECT_EQ(asks->cuts, 0);
  ASSERT_TRUE(harness.UpdateClaims(0, begun.cookie_value, {{"theme", nullptr}}));
  EXPECT_EQ(asks->cuts, 1);
  EXPECT_EQ(unasked->cuts, 0);
  EXPECT_EQ(elsewhere->cuts, 0);
}

TEST(DatabaseSession, AChangedProfileIsSeenByTheNextRequest) {
  Harness harness;
  const auto begun = harness.SignIn();
  const auto stream = harness.Open(1, begun.cookie_value);
  harness.user.name = "Ada Lovelace";
  ASSERT_TRUE(harness.On(0, harness.store.users().UpdateProfile(harness.user)));
  EXPECT_EQ(harness.Look(1, {harness.CookieOf(begun.cookie_value)}).name, "Ada");
  ASSERT_TRUE(harness.On(0, harness.service().ProfileChanged(harness.user.id)));
  EXPECT_EQ(harness.Look(1, {harness.CookieOf(begun.cookie_value)}).name, "Ada Lovelace");
  EXPECT_EQ(stream->cuts, 0);
}

TEST(DatabaseSession, TheCookieIsOpaqueAndLivesAsLongAsTheSession) {
  Harness harness;
  const auto begun = harness.SignIn();
  EXPECT_TRUE(token::HashIfWellFormed(begun.cookie_value));
  EXPECT_EQ(begun.cookie_expires, harness.clock.Now() + hours(10));
  EXPECT_EQ(harness.Row(begun.id).token_hash, token::HashOf(begun.cookie_value));
  const auto renewed = harness.Renew(0, begun.cookie_value);
  EXPECT_EQ(renewed->cookie_value, "");
  EXPECT_EQ(renewed->cookie_expires, begun.cookie_expires);
}

// TSan's test: ends on one worker, requests on the others; once End has returned, nobody is signed in.
TEST_P(SessionServiceTest, S5_AfterEndHasReturnedNoWorkerKnowsTheSession) {
  Harness many(GetParam(), 3);
  std::vector<BegunSession> sessions;
  for (int i = 0; i < 24; ++i) sessions.push_back(many.SignIn());
  std::atomic<bool> stop = false;
  std::atomic<int> valid = 0;
  std::vector<std::thread> browsers;
  for (const std::size_t worker : {1, 2}) {
    browsers.emplace_back([&, worker] {
      for (std::size_t i = 0; !stop; i = (i + 1) % sessions.size()) {
        if (many.StateOf(worker, sessions[i].cookie_value) == CookieState::kValid) ++valid;
      }
    });
  }
  while (valid == 0) std::this_thread::yield();
  for (const auto& begun : sessions) {
    EXPECT_EQ(many.On(0, many.service().End(begun.id, std::nullopt, model::EndReason::kSignedOut))->count, 1u);
    for (const std::size_t worker : {0, 1, 2}) EXPECT_EQ(many.StateOf(worker, begun.cookie_value), CookieState::kInvalid);
  }
  stop = true;
  for (auto& browser : browsers) browser.join();
}

}  // namespace
}  // namespace sallyport::session
