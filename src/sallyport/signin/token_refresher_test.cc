// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/token_refresher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/net/errc.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/signin/refresh_state.h"
#include "support/fake_clock.h"
#include "support/fake_peer.h"
#include "support/fake_token_sessions.h"

namespace sallyport::signin {
namespace {

using std::chrono::seconds;

// Strict rotation: every asking counts.
class FakeIssuer final : public TokenIssuer {
 public:
  bool Issued(const json::object&) const override { return true; }
  bool CanRefresh(const json::object&) const override { return true; }
  bool must_be_asked_once() const override { return true; }
  Errc unavailable() const override { return Errc::kProviderTrouble; }
  Task<json::object> Renew(json::object tokens) override {
    ++asked;
    seen = std::move(tokens);
    co_return answer();
  }
  Coroutine<void> Discard(json::object tokens) override {
    discarded.push_back(std::string(GetString(tokens, "refresh_token").value_or("")));
    co_return;
  }

  int asked = 0;
  json::object seen;
  std::vector<std::string> discarded;
  std::function<Result<json::object>()> answer;
};

class TokenRefresherTest : public ::testing::Test {
 protected:
  TokenRefresherTest() {
    issuer_.answer = [this] { return Fresh("AT2", "RT2"); };
    MakeDue(10);
  }
  std::int64_t Now() const { return UnixSeconds(clock_.Now()); }
  json::object Fresh(std::string access, std::string refresh) const {
    return {{"access_token", access}, {"refresh_token", refresh}, {"expires_at", Now() + 600}};
  }
  void MakeDue(std::int64_t seconds_left) { sessions_.Set("AT1", "RT1", Now() + seconds_left); }
  template <class Code>
  void Refuse(Code why) {
    issuer_.answer = [why]() -> Result<json::object> { return sallyport::Fail(why, "for the test"); };
  }
  void RememberState(RefreshState state) {
    StoredTokens tokens = ReadStoredTokens(sessions_.tokens, 0);
    tokens.SetState(state);
    sessions_.tokens = tokens.members;
    ++sessions_.version;
  }
  Result<std::string> Valid() {
    auto token = test::RunTask(loop_, refresher_.Valid("sid"));
    if (!token) return std::unexpected(token.error());
    return token->token;
  }

  async::Loop loop_;
  test::FakeClock clock_;
  FakeIssuer issuer_;
  test::FakeTokenSessions sessions_;
  RefreshCounters refreshes_;
  TokenRefresher refresher_{"a test", issuer_, sessions_, clock_, refreshes_};
};

TEST_F(TokenRefresherTest, S35_TheLeaseIsStoredBeforeTheIssuerIsAsked) {
  std::int64_t version = 0;
  issuer_.answer = [&] {
    version = sessions_.version;
    EXPECT_TRUE(ReadStoredTokens(sessions_.tokens, 0).state.asking);
    return Fresh("AT2", "RT2");
  };
  const auto before = sessions_.version;
  EXPECT_EQ(Valid(), "AT2");
  EXPECT_EQ(version, before + 1);
  EXPECT_FALSE(sessions_.tokens.contains("refresh")) << "nothing to remember afterwards";
  EXPECT_EQ(issuer_.asked, 1);
}

TEST_F(TokenRefresherTest, S35_AnotherProcessAtItMeansWaitingNotAsking) {
  MakeDue(-1);
  RememberState({.asking = true, .until = clock_.Now() + seconds(20)});
  std::optional<Result<AccessToken>> got;
  test::Start(loop_, refresher_.Valid("sid"), [&](Result<AccessToken> r) { got = std::move(r); });
  for (const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(250); std::chrono::steady_clock::now() < until;) loop_.RunTurn();
  EXPECT_FALSE(got);
  sessions_.tokens = Fresh("AT-sibling", "RT-sibling");
  ++sessions_.version;
  while (!got) loop_.RunTurn();
  EXPECT_EQ((*got)->token, "AT-sibling");
  EXPECT_EQ(issuer_.asked, 0);
}

TEST_F(TokenRefresherTest, S35_WhileAnotherProcessIsAtItTheOldTokenServesAsLongAsItLives) {
  RememberState({.asking = true, .until = clock_.Now() + seconds(20)});
  EXPECT_EQ(Valid(), "AT1");
  EXPECT_EQ(issuer_.asked, 0);
}

TEST_F(TokenRefresherTest, S35_AProcessThatDiedOverItIsSucceeded) {
  MakeDue(-1);
  RememberState({.asking = true, .until = clock_.Now() + kRefreshLease});
  clock_.Advance(kRefreshLease);
  EXPECT_EQ(Valid(), "AT2");
  EXPECT_EQ(issuer_.asked, 1);
}

TEST_F(TokenRefresherTest, S35_TheLoserOfTheLeaseDoesNotAsk) {
  sessions_.before_replace = [this] {
    sessions_.tokens = Fresh("AT-sibling", "RT-sibling");
    ++sessions_.version;
  };
  EXPECT_EQ(Valid(), "AT-sibling");
  EXPECT_EQ(issuer_.asked, 0);
}

TEST_F(TokenRefresherTest, S35_AfterTroubleNobodyAsksForAWhile) {
  MakeDue(-1);
  Refuse(Errc::kProviderTrouble);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Valid().error().Is(Errc::kProviderTrouble));
  EXPECT_EQ(issuer_.asked, 1);
  clock_.Advance(kRefreshAgainAfter);
  issuer_.answer = [this] { return Fresh("AT2", "RT2"); };
  EXPECT_EQ(Valid(), "AT2");
  EXPECT_EQ(issuer_.asked, 2);
  EXPECT_FALSE(sessions_.ended);
}

TEST_F(TokenRefresherTest, S35_TheOldTokenServesThroughTroubleWhileItLives) {
  Refuse(Errc::kProviderTrouble);
  EXPECT_EQ(Valid(), "AT1");
  EXPECT_EQ(Valid(), "AT1");
  EXPECT_EQ(issuer_.asked, 1);
}

TEST_F(TokenRefresherTest, S35_ARefusalEndsTheSession) {
  Refuse(oauth::Errc::kInvalidGrant);
  EXPECT_TRUE(Valid().error().Is(Errc::kSessionEnded));
  EXPECT_EQ(sessions_.ended, model::EndReason::kExpired);
}

TEST_F(TokenRefresherTest, S35_ARefusalIsNoEndWhenASiblingHasRefreshed) {
  issuer_.answer = [this]() -> Result<json::object> {
    sessions_.tokens = Fresh("AT-sibling", "RT-sibling");
    ++sessions_.version;
    return sallyport::Fail(oauth::Errc::kInvalidGrant);
  };
  EXPECT_EQ(Valid(), "AT-sibling");
  EXPECT_FALSE(sessions_.ended);
}

TEST_F(TokenRefresherTest, S35_ALostAnswerNeverSignsAnybodyOut) {
  MakeDue(-1);
  Refuse(net::Errc::kUpstreamTimeout);
  EXPECT_TRUE(Valid().error().Is(Errc::kProviderTrouble));
  clock_.Advance(kRefreshAgainAfter);
  Refuse(oauth::Errc::kInvalidGrant);   // the lost answer had the only good token
  EXPECT_TRUE(Valid().error().Is(oauth::Errc::kInvalidGrant));
  EXPECT_TRUE(Valid().error().Is(oauth::Errc::kInvalidGrant)) << "and nobody asks in vain again";
  EXPECT_EQ(issuer_.asked, 2);
  EXPECT_FALSE(sessions_.ended);
}

TEST_F(TokenRefresherTest, S35_ALostAnswerIsForgottenWithTheNextGoodOne) {
  Refuse(net::Errc::kUpstreamTimeout);
  EXPECT_EQ(Valid(), "AT1");
  clock_.Advance(kRefreshAgainAfter);
  issuer_.answer = [this] { return Fresh("AT2", "RT2"); };
  EXPECT_EQ(Valid(), "AT2");
  clock_.Advance(seconds(590));
  Refuse(oauth::Errc::kInvalidGrant);
  EXPECT_TRUE(Valid().error().Is(Errc::kSessionEnded));
}

TEST_F(TokenRefresherTest, S5_ARefreshThatRacesARevokeLoses) {
  issuer_.answer = [this] {
    sessions_.ended = model::EndReason::kSignedOut;
    return Fresh("AT2", "RT2");
  };
  EXPECT_TRUE(Valid().error().Is(Errc::kSessionEnded));
  EXPECT_EQ(GetString(sessions_.tokens, "refresh_token"), "RT1");
  loop_.RunToEnd();
  EXPECT_THAT(issuer_.discarded, testing::ElementsAre("RT2")) << "nobody has the new ones: the issuer is told";
}

TEST_F(TokenRefresherTest, S35_TokensThatSomebodyHasAreNotDiscarded) {
  EXPECT_EQ(Valid(), "AT2");
  clock_.Advance(seconds(590));
  issuer_.answer = [this] {
    sessions_.Set("AT3", "RT3", Now() + 600);  // a sibling was quicker
    return Fresh("AT4", "RT4");
  };
  EXPECT_EQ(Valid(), "AT3");
  loop_.RunToEnd();
  EXPECT_THAT(issuer_.discarded, testing::IsEmpty());
}

TEST_F(TokenRefresherTest, S35_NewTokensAreNotUsedBeforeTheyAreStored) {
  issuer_.answer = [this] {
    sessions_.store_is_down = true;
    return Fresh("AT2", "RT2");
  };
  EXPECT_TRUE(Valid().error().Is(store::Errc::kUnavailable));
}

TEST_F(TokenRefresherTest, S35_WithoutAStoreNobodyAsks) {
  sessions_.store_is_down = true;
  EXPECT_EQ(Valid(), "AT1") << "while it lives";
  MakeDue(-1);
  EXPECT_TRUE(Valid().error().Is(store::Errc::kUnavailable));
  EXPECT_EQ(issuer_.asked, 0);
}

TEST_F(TokenRefresherTest, AnAnswerAboutSomebodyElseEndsTheSession) {
  Refuse(Errc::kSessionEnded);
  EXPECT_TRUE(Valid().error().Is(Errc::kSessionEnded));
  EXPECT_TRUE(sessions_.ended);
  EXPECT_EQ(refreshes_.Get(RefreshOutcome::kRefused), 1u);
}

TEST_F(TokenRefresherTest, AShortLifeIsRefreshedByItsOwnMark) {
  sessions_.tokens = {{"access_token", "AT1"}, {"refresh_token", "RT1"}, {"expires_at", Now() + 8}, {"refresh_at", Now() + 6}};
  EXPECT_EQ(Valid(), "AT1");
  clock_.Advance(seconds(6));
  EXPECT_EQ(Valid(), "AT2");
  EXPECT_EQ(issuer_.asked, 1);
}

}  // namespace
}  // namespace sallyport::signin
