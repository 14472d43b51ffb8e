// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/logout_token.h"

#include "sallyport/jose/errc.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/provider_tokens_fixture.h"

namespace sallyport::oauth {
namespace {

class LogoutTokenTest : public ProviderTokensFixture {
 protected:
  json::object Claims() const {
    return {{"iss", "https://op.example"}, {"aud", "app"}, {"sub", "u1"}, {"sid", "s1"}, {"jti", "j1"}, {"iat", now()}, {"exp", now() + 120},
            {"events", {{"http://schemas.openid.net/event/backchannel-logout", json::object()}}}};
  }
  Result<LogoutToken> Verify(const json::object& claims, std::string_view typ = "logout+jwt") const {
    IdTokenPolicy policy;
    policy.issuer = "https://op.example";
    policy.client_id = "app";
    policy.algorithms = DefaultIdTokenAlgorithms();
    return VerifyLogoutToken(Sign(claims, typ), keys_, policy, clock_);
  }
  template <class Code>
  void ExpectRefused(std::string_view name, std::optional<json::value> value, Code code) const {
    auto claims = Claims();
    if (value) claims[name] = *value;
    else claims.erase(name);
    const auto token = Verify(claims);
    ASSERT_FALSE(token) << name;
    EXPECT_TRUE(token.error().Is(code)) << name << ": " << token.error().ToLogString();
  }
};

TEST_F(LogoutTokenTest, GoodTokenIsTaken) {
  const auto token = Verify(Claims());
  ASSERT_TRUE(token) << token.error().ToLogString();
  EXPECT_EQ(token->subject, "u1");
  EXPECT_EQ(token->session_id, "s1");
  EXPECT_EQ(token->jti, "j1");
  EXPECT_GT(token->expires, clock_.Now() + std::chrono::seconds(120));
  EXPECT_TRUE(Verify(Claims(), ""));
}

TEST_F(LogoutTokenTest, SidOrSubAloneIsEnough) {
  auto claims = Claims();
  claims.erase("sub");
  EXPECT_TRUE(Verify(claims));
  claims["sub"] = "u1";
  claims.erase("sid");
  EXPECT_TRUE(Verify(claims));
  claims.erase("sub");
  EXPECT_TRUE(Verify(claims).error().Is(Errc::kMissingClaim));
}

TEST_F(LogoutTokenTest, S36_BadTokensAreRefused) {
  ExpectRefused("nonce", "n", Errc::kUnexpectedNonce);
  ExpectRefused("events", std::nullopt, Errc::kWrongEvent);
  ExpectRefused("events", json::object{{"other", json::object()}}, Errc::kWrongEvent);
  ExpectRefused("events", "http://schemas.openid.net/event/backchannel-logout", Errc::kWrongEvent);
  ExpectRefused("jti", std::nullopt, Errc::kMissingClaim);
  ExpectRefused("jti", "", Errc::kMalformed);
  ExpectRefused("sub", 7, jose::Errc::kMalformed);
  ExpectRefused("sid", json::array{"s1"}, Errc::kMalformed);
  ExpectRefused("iat", std::nullopt, jose::Errc::kMissingClaim);
  ExpectRefused("exp", std::nullopt, jose::Errc::kMissingClaim);
  ExpectRefused("exp", now() - 20, jose::Errc::kExpired);
  ExpectRefused("iat", now() + 20, jose::Errc::kIssuedInFuture);
  ExpectRefused("iat", now() - 3600, jose::Errc::kTooOld);
  ExpectRefused("iss", "https://evil.example", Errc::kWrongIssuer);
  ExpectRefused("aud", "other", jose::Errc::kWrongAudience);
}

TEST_F(LogoutTokenTest, S40_OtherKindsOfTokenAreRefused) {
  EXPECT_TRUE(Verify(Claims(), "at+jwt").error().Is(jose::Errc::kWrongType));
}

}  // namespace
}  // namespace sallyport::oauth
