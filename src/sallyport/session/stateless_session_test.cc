// SPDX-License-Identifier: Apache-2.0
// The jwt strategy, and adoption of sessions that an app's own next-auth made.
#include "sallyport/session/session_claims.h"
#include "sallyport/session/session_test_harness.h"

namespace sallyport::session {
namespace {

class StatelessSession : public testing::Test {
 protected:
  // As the app's own next-auth would seal it.
  std::string ForeignCookie(json::object more = {}, const char* secret = "the app's own next-auth secret") {
    json::object claims = {{"sub", "user-of-the-app"}, {"name", "Grace"}, {"email", "grace@example.com"},
                           {"iat", UnixSeconds(harness.clock.Now())}, {"jti", "jti-1"},
                           {"exp", UnixSeconds(harness.clock.Now() + hours(720))}};
    for (const auto& [name, value] : more) claims[name] = value;
    return harness.CodecOf({secret}).Seal(claims);
  }
  void ShareSecret() {
    harness.settings().compat_secrets = Secrets({"the app's own next-auth secret"});
    harness.settings().adopt_until = harness.clock.Now() + hours(5);
  }
  Harness harness{Strategy::kJwt};
};

TEST_F(StatelessSession, TheStoreIsNotReadForARequest) {
  const auto begun = harness.SignIn();
  harness.store.spy.broken = true;
  for (const std::size_t worker : {0, 1}) EXPECT_EQ(harness.StateOf(worker, begun.cookie_value), CookieState::kValid);
  EXPECT_EQ(harness.store.spy.reads, 0);
}

TEST_F(StatelessSession, S7_TheCookieHoldsNoToken) {
  ShareSecret();
  const auto begun = harness.SignIn(std::nullopt, {{"role", "editor"}}, {{"access_token", "at-1"}, {"refresh_token", "rt-1"}});
  const auto claims = harness.CodecOf({"the app's own next-auth secret"}).Open(begun.cookie_value);
  ASSERT_TRUE(claims);
  const std::string text = json::serialize(*claims);
  EXPECT_EQ(text.find("at-1"), std::string::npos);
  EXPECT_EQ(text.find("rt-1"), std::string::npos);
  EXPECT_EQ(claims->at("name"), "Ada");
  EXPECT_EQ(claims->at("sub"), json::string(harness.user.id));
  EXPECT_EQ(claims->at("role"), "editor");
  EXPECT_EQ(claims->at("sid"), json::string(begun.id));
}

TEST_F(StatelessSession, S45_OnlyTheSharedSecretOpensCookiesWhenThereIsOne) {
  const auto before = harness.SignIn();
  ShareSecret();
  harness.Restart();
  EXPECT_EQ(harness.StateOf(0, before.cookie_value), CookieState::kInvalid);
  EXPECT_EQ(harness.StateOf(0, ForeignCookie({}, "another secret that nobody configured")), CookieState::kInvalid);
}

TEST_F(StatelessSession, ClaimsSurviveTheCookie) {
  const auto begun = harness.SignIn(std::nullopt, {{"role", "editor"}, {"sub", "root"}, {"exp", 1}});
  const Seen seen = harness.Look(0, {harness.CookieOf(begun.cookie_value)});
  EXPECT_EQ(seen.claims, R"({"role":"editor"})");
  EXPECT_EQ(seen.user_id, harness.user.id);
  EXPECT_EQ(seen.method, "password");
}

TEST_F(StatelessSession, ClaimsThatDoNotFitIntoSixteenCookiesAreRefusedBeforeTheCommit) {
  BeginSession request;
  request.user = harness.user;
  request.claims = {{"big", std::string(60'000, 'x')}};
  const auto begun = harness.On(0, harness.service().Begin(std::move(request)));
  ASSERT_FALSE(begun);
  EXPECT_TRUE(begun.error().Is(Errc::kTooLarge));
  EXPECT_TRUE(harness.On(0, harness.service().ListForUser(harness.user.id))->empty());
}

TEST_F(StatelessSession, TheCookieIsDueForRenewalAfterUpdateAge) {
  const auto begun = harness.SignIn();
  EXPECT_EQ(begun.cookie_expires, harness.clock.Now() + hours(1));
  EXPECT_FALSE(harness.Look(0, {harness.CookieOf(begun.cookie_value)}).renew_cookie);
  harness.clock.Advance(minutes(5));
  EXPECT_TRUE(harness.Look(0, {harness.CookieOf(begun.cookie_value)}).renew_cookie);
  const auto renewed = harness.Renew(0, begun.cookie_value);
  ASSERT_TRUE(renewed);
  EXPECT_EQ(renewed->id, begun.id);
  EXPECT_EQ(renewed->cookie_expires, harness.clock.Now() + hours(1));
  EXPECT_FALSE(harness.Look(0, {harness.CookieOf(renewed->cookie_value)}).renew_cookie);
  EXPECT_EQ(harness.Row(begun.id).idle_end, harness.clock.Now() + hours(1));
}

TEST_F(StatelessSession, S4_AnOldCookieEndsAtItsOwnEndEvenWhileTheSessionGoesOn) {
  const auto begun = harness.SignIn();
  harness.clock.Advance(minutes(30));
  const auto renewed = harness.Renew(0, begun.cookie_value);
  EXPECT_EQ(harness.StateOf(0, renewed->cookie_value), CookieState::kValid);
  harness.clock.Advance(minutes(30));
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kInvalid);
  EXPECT_EQ(harness.StateOf(0, renewed->cookie_value), CookieState::kValid);
}

TEST_F(StatelessSession, S5_ARenewalThatRacesARevokeLoses) {
  const auto begun = harness.SignIn();
  EXPECT_EQ(harness.StateOf(0, begun.cookie_value), CookieState::kValid);
  // Committed, but this process has not heard of it yet.
  ASSERT_TRUE(harness.On(0, harness.store.sessions().Revoke(begun.id, std::nullopt, model::EndReason::kSignedOut)));
  const auto renewed = harness.Renew(0, begun.cookie_value);
  ASSERT_FALSE(renewed);
  EXPECT_TRUE(renewed.error().Is(Errc::kEnded));
}

TEST_F(StatelessSession, S40_CookiesWithBrokenClaimsOfOursOpenNothing) {
  ShareSecret();
  const std::int64_t end = UnixSeconds(harness.clock.Now() + hours(1));
  const json::object good = {{"sid", "AAAAAAAAAAAAAAAAAAAAAA"}, {"auth_time", end - 10}, {"sae", end}, {"method", "password"}, {"ver", 1}};
  EXPECT_EQ(harness.StateOf(0, ForeignCookie(good)), CookieState::kValid);
  const std::vector<std::pair<const char*, json::value>> broken = {
      {"sid", "short"}, {"sid", 7}, {"sid", nullptr}, {"sub", ""}, {"sub", 1}, {"sae", "soon"}, {"sae", end - 3600},
      {"sae", -5}, {"auth_time", nullptr}, {"auth_time", 9e18}, {"ver", "1"}, {"method", nullptr}, {"groups", "staff"}, {"amr", {1}}};
  for (const auto& [name, value] : broken) {
    json::object claims = good;
    claims[name] = value;
    EXPECT_EQ(harness.StateOf(0, ForeignCookie(claims)), CookieState::kInvalid) << name << json::serialize(value);
  }
}

TEST_F(StatelessSession, AForeignCookieIsAdoptedUnderOneIdEverywhere) {
  ShareSecret();
  harness.settings().update_claims = {"theme"};
  const std::string cookie = ForeignCookie({{"theme", "dark"}, {"accessToken", "a-token-of-the-app"}});
  const Seen seen = harness.Look(0, {harness.CookieOf(cookie)});
  EXPECT_EQ(seen.state, CookieState::kValid);
  EXPECT_EQ(seen.method, "adopted");
  EXPECT_EQ(seen.user_id, "user-of-the-app");
  EXPECT_EQ(seen.name, "Grace");
  EXPECT_EQ(seen.claims, R"({"theme":"dark"})");
  EXPECT_TRUE(seen.renew_cookie);
  EXPECT_EQ(harness.Look(1, {harness.CookieOf(cookie)}).id, seen.id);
  const auto renewed = harness.Renew(0, cookie);
  ASSERT_TRUE(renewed);
  EXPECT_EQ(harness.Look(1, {harness.CookieOf(renewed->cookie_value)}).id, seen.id);
  EXPECT_EQ(harness.Row(seen.id).absolute_end, harness.clock.Now() + hours(10));
}

TEST_F(StatelessSession, S5_AnAdoptedSessionThatWasEndedIsNotAdoptedAgain) {
  ShareSecret();
  const std::string cookie = ForeignCookie();
  const Seen seen = harness.Look(0, {harness.CookieOf(cookie)});
  EXPECT_EQ(harness.On(1, harness.service().End(seen.id, std::nullopt, model::EndReason::kSignedOut))->count, 1u);
  for (const std::size_t worker : {0, 1}) EXPECT_EQ(harness.StateOf(worker, cookie), CookieState::kInvalid);
  harness.Restart();
  ASSERT_TRUE(harness.On(0, harness.service().Start()));
  EXPECT_EQ(harness.StateOf(0, cookie), CookieState::kInvalid);
  EXPECT_EQ(harness.Row(seen.id).id, "");
}

TEST_F(StatelessSession, AdoptionEndsWhenTheConfigurationSays) {
  ShareSecret();
  const std::string cookie = ForeignCookie();
  harness.clock.Advance(hours(5));
  EXPECT_EQ(harness.StateOf(0, cookie), CookieState::kInvalid);
  EXPECT_EQ(harness.store.spy.reads, 0);
}

TEST_F(StatelessSession, S4_AForeignSessionOlderThanTheAbsoluteLifeIsNotAdopted) {
  ShareSecret();
  harness.settings().adopt_until = harness.clock.Now() + hours(100);
  EXPECT_EQ(harness.StateOf(0, ForeignCookie({{"iat", UnixSeconds(harness.clock.Now() - hours(10))}})), CookieState::kInvalid);
}

TEST_F(StatelessSession, AForeignCookieWithoutASubjectOrIdIsNotAdopted) {
  ShareSecret();
  EXPECT_EQ(harness.StateOf(0, ForeignCookie({{"sub", nullptr}})), CookieState::kInvalid);
  EXPECT_EQ(harness.StateOf(0, ForeignCookie({{"jti", 5}})), CookieState::kInvalid);
  EXPECT_EQ(harness.StateOf(0, ForeignCookie({{"sub", "a b\n"}})), CookieState::kInvalid);
}

TEST_F(StatelessSession, S60_StoreTroubleDuringAdoptionIsAnError) {
  ShareSecret();
  const std::string cookie = ForeignCookie();
  harness.store.spy.broken = true;
  EXPECT_FALSE(harness.TryLook(0, {harness.CookieOf(cookie)}));
  harness.store.spy.broken = false;
  EXPECT_EQ(harness.StateOf(0, cookie), CookieState::kValid);
}

TEST(DatabaseAdoption, AForeignCookieStaysTheTokenOfItsAdoptedSession) {
  Harness harness;
  harness.settings().compat_secrets = Secrets({"the app's own next-auth secret"});
  harness.settings().adopt_until = harness.clock.Now() + hours(5);
  const std::string cookie = harness.CodecOf({"the app's own next-auth secret"})
                                 .Seal({{"sub", "user-of-the-app"}, {"exp", UnixSeconds(harness.clock.Now() + hours(720))}});
  const Seen seen = harness.Look(0, {harness.CookieOf(cookie)});
  EXPECT_EQ(seen.method, "adopted");
  EXPECT_EQ(harness.Look(1, {harness.CookieOf(cookie)}).id, seen.id);
  EXPECT_EQ(harness.On(0, harness.service().End(seen.id, std::nullopt, model::EndReason::kSignedOut))->count, 1u);
  EXPECT_EQ(harness.StateOf(0, cookie), CookieState::kInvalid);
  EXPECT_EQ(harness.StateOf(1, cookie), CookieState::kInvalid);
}

TEST_F(StatelessSession, S5_ACookieFromBeforeAChangeIsNotBelieved) {
  const auto begun = harness.SignIn();
  harness.StateOf(1, begun.cookie_value);
  harness.clock.Advance(seconds(2));
  ASSERT_TRUE(harness.SetGroups(0, {"guests"}));
  for (const std::size_t worker : {0, 1}) {
    const Seen seen = harness.Look(worker, {harness.CookieOf(begun.cookie_value)});
    EXPECT_EQ(seen.groups, std::vector<std::string>{"guests"});
    EXPECT_TRUE(seen.renew_cookie);
    EXPECT_EQ(seen.idle_end, begun.cookie_expires);
  }
  const int reads = harness.store.spy.reads;
  EXPECT_EQ(harness.Look(0, {harness.CookieOf(begun.cookie_value)}).groups.front(), "guests");
  harness.clock.Advance(seconds(2));
  const auto renewed = harness.Renew(0, begun.cookie_value);
  ASSERT_TRUE(renewed);
  const int after_renewal = harness.store.spy.reads;
  EXPECT_EQ(after_renewal, reads + 1);   // the renewal's own
  EXPECT_EQ(harness.Look(1, {harness.CookieOf(renewed->cookie_value)}).groups.front(), "guests");
  EXPECT_EQ(harness.store.spy.reads, after_renewal);
  // The old one still ends at its own time.
  harness.clock.Advance(hours(1) - seconds(4));
  EXPECT_EQ(harness.StateOf(1, begun.cookie_value), CookieState::kInvalid);
}

TEST_F(StatelessSession, S60_AnOutdatedCookieWithoutTheStoreIsAnErrorNotAGuess) {
  const auto begun = harness.SignIn();
  ASSERT_TRUE(harness.SetGroups(0, {"guests"}));
  harness.store.spy.broken = true;
  EXPECT_FALSE(harness.TryLook(1, {harness.CookieOf(begun.cookie_value)}));
}

}  // namespace
}  // namespace sallyport::session
