// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/backend_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "sallyport/async/spawn.h"
#include "sallyport/async/worker_set.h"
#include "sallyport/net/errc.h"
#include "support/fake_clock.h"
#include "support/fake_http_client.h"
#include "support/fake_peer.h"
#include "support/fake_token_sessions.h"

namespace sallyport::signin {
namespace {

using test::FakeTokenSessions;

class BackendTokensTest : public ::testing::Test {
 protected:
  BackendTokensTest() {
    options_.refresh_url = "http://127.0.0.1:4000/refresh";
    http_.Respond(200, R"({"accessToken":"AT2","refreshToken":"RT2","expiresIn":600})");
    sessions_.Set("AT1", "RT1", Now() + 600);
  }
  std::int64_t Now() const { return UnixSeconds(clock_.Now()); }
  void MakeDue(std::int64_t seconds_left = 10) { sessions_.Set("AT1", "RT1", Now() + seconds_left); }
  BackendTokens& tokens() {
    if (!tokens_) tokens_.emplace(options_, http_, sessions_, clock_, refreshes_);
    return *tokens_;
  }
  Result<std::string> Valid() { return test::RunTask(loop_, tokens().ValidAccessToken("sid")); }
  std::size_t refreshes() const { return http_.requests().size(); }

  async::Loop loop_;
  test::FakeClock clock_;
  BackendOptions options_;
  test::FakeHttpClient http_;
  FakeTokenSessions sessions_;
  RefreshCounters refreshes_;
  std::optional<BackendTokens> tokens_;
};

TEST_F(BackendTokensTest, FreshTokenIsHandedOut) {
  const auto token = test::RunTask(loop_, tokens().Valid("sid"));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->token, "AT1");
  EXPECT_EQ(token->valid_until, FromUnixSeconds(Now() + 570));
  EXPECT_EQ(refreshes(), 0u);
}

TEST_F(BackendTokensTest, TokenThatDoesNotExpireIsNeverRefreshed) {
  sessions_.tokens = {{"access_token", "AT1"}, {"refresh_token", "RT1"}};
  clock_.Advance(std::chrono::days(3650));
  EXPECT_EQ(Valid(), "AT1");
  EXPECT_EQ(refreshes(), 0u);
}

TEST_F(BackendTokensTest, RefreshesThirtySecondsAhead) {
  MakeDue(31);
  EXPECT_EQ(Valid(), "AT1");
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(Valid(), "AT2");
  EXPECT_EQ(http_.requests().at(0).body, R"({"refreshToken":"RT1"})");
  EXPECT_EQ(GetString(sessions_.tokens, "refresh_token"), "RT2");
  EXPECT_EQ(Valid(), "AT2");
  EXPECT_EQ(refreshes(), 1u);
}

TEST_F(BackendTokensTest, S35_OneRefreshHoweverManyAsk) {
  MakeDue();
  std::vector<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    test::Start(loop_, tokens().ValidAccessToken("sid"), [&](Result<std::string> r) { seen.push_back(r.value_or("failed")); });
  }
  while (seen.size() < 20) loop_.RunTurn();
  EXPECT_THAT(seen, ::testing::Each("AT2"));
  EXPECT_EQ(refreshes(), 1u);
}

Coroutine<void> Ask(BackendTokens& tokens, std::atomic<int>& good, std::atomic<int>& done) {
  const auto token = co_await tokens.ValidAccessToken("sid");
  if (token == "AT2") ++good;
  ++done;
  done.notify_all();
}

TEST_F(BackendTokensTest, S35_OneRefreshHoweverManyWorkersAsk) {
  MakeDue();
  tokens();
  async::WorkerSet workers(4);
  workers.Start();
  std::atomic<int> good = 0, done = 0;
  for (int i = 0; i < 40; ++i) async::Spawn(workers.executor(static_cast<std::size_t>(i) % 4), Ask(*tokens_, good, done), "test");
  for (int seen = done; seen < 40; seen = done) done.wait(seen);
  workers.Stop();
  EXPECT_EQ(good, 40);
  EXPECT_EQ(refreshes(), 1u);
}

TEST_F(BackendTokensTest, S35_LoserOfTheSwapUsesTheSiblingsToken) {
  MakeDue();
  sessions_.before_replace = [this] { sessions_.Set("AT-sibling", "RT-sibling", Now() + 600); };
  EXPECT_EQ(Valid(), "AT-sibling");
  EXPECT_EQ(GetString(sessions_.tokens, "refresh_token"), "RT-sibling");
  EXPECT_EQ(refreshes(), 1u);
}

TEST_F(BackendTokensTest, S35_ChangedClaimsDoNotLoseTheNewTokens) {
  MakeDue();
  sessions_.before_replace = [this] { ++sessions_.version; };
  EXPECT_EQ(Valid(), "AT2");
  EXPECT_EQ(GetString(sessions_.tokens, "refresh_token"), "RT2");
}

TEST_F(BackendTokensTest, S35_RefusalAfterARereadEndsTheSession) {
  for (const long status : {400, 401, 403}) {
    MakeDue();
    sessions_.ended.reset();
    http_.Respond(status, "{}");
    EXPECT_TRUE(Valid().error().Is(Errc::kSessionEnded)) << status;
    EXPECT_EQ(sessions_.ended, model::EndReason::kExpired) << status;
  }
}

TEST_F(BackendTokensTest, S35_RefusalIsNoEndWhenASiblingHasRefreshed) {
  MakeDue();
  http_.Respond([this](const net::OutboundRequest&) -> Result<net::OutboundResponse> {
    sessions_.Set("AT-sibling", "RT-sibling", Now() + 600);
    net::OutboundResponse refused;
    refused.status = 401;
    return refused;
  });
  EXPECT_EQ(Valid(), "AT-sibling");
  EXPECT_FALSE(sessions_.ended);
  EXPECT_EQ(refreshes(), 1u);
}

TEST_F(BackendTokensTest, S35_TroubleNeverEndsTheSession) {
  for (const long status : {500, 502, 503, 429, 404, 302, 200}) {
    MakeDue(10);
    http_.Respond(status, "nonsense");
    EXPECT_EQ(Valid(), "AT1") << status << ": not expired yet";
    MakeDue(0);
    EXPECT_TRUE(Valid().error().Is(Errc::kBackendUnavailable)) << status;
  }
  http_.Respond([](const net::OutboundRequest&) -> Result<net::OutboundResponse> { return Fail(net::Errc::kOutboundFailed); });
  MakeDue(0);
  EXPECT_TRUE(Valid().error().Is(Errc::kBackendUnavailable));
  EXPECT_FALSE(sessions_.ended);
  http_.Respond(200, R"({"accessToken":"AT2","expiresIn":600})");
  EXPECT_EQ(Valid(), "AT2") << "and it recovers";
}

TEST_F(BackendTokensTest, WithoutARefreshTokenItIsHandedOutAsItIs) {
  sessions_.Set("AT1", "", Now() - 5);
  EXPECT_EQ(Valid(), "AT1");
  EXPECT_EQ(refreshes(), 0u);
  EXPECT_FALSE(sessions_.ended);
}

TEST_F(BackendTokensTest, StoreTroubleAfterTheRefreshStillServesTheRequest) {
  MakeDue();
  sessions_.store_is_down = true;
  EXPECT_EQ(Valid(), "AT2");
}

TEST_F(BackendTokensTest, EndedSessionAndSessionWithoutTokensAreErrors) {
  sessions_.tokens = {};
  EXPECT_TRUE(Valid().error().Is(Errc::kNoBackendTokens));
  sessions_.ended = model::EndReason::kSignedOut;
  EXPECT_TRUE(Valid().error().Is(Errc::kSessionEnded));
}

TEST_F(BackendTokensTest, SignOutTellsTheBackEnd) {
  options_.logout_url = "http://127.0.0.1:4000/logout";
  http_.Respond(500, "");
  ASSERT_TRUE(test::RunTask(loop_, tokens().SignOut("sid")));
  while (refreshes() == 0) loop_.RunTurn();
  const auto request = http_.requests().at(0);
  EXPECT_EQ(request.url, options_.logout_url);
  EXPECT_THAT(request.headers, ::testing::Contains(std::pair<std::string, std::string>("Authorization", "Bearer AT1")));
}

TEST_F(BackendTokensTest, SignOutOfAnEndedSessionIsQuiet) {
  options_.logout_url = "http://127.0.0.1:4000/logout";
  sessions_.ended = model::EndReason::kSignedOut;
  EXPECT_TRUE(test::RunTask(loop_, tokens().SignOut("sid")));
  EXPECT_EQ(refreshes(), 0u);
}

}  // namespace
}  // namespace sallyport::signin
