// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/oauth_method.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/base/url.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/jose/jws.h"
#include "sallyport/net/errc.h"
#include "sallyport/oauth/errc.h"
#include "support/signin_world.h"

namespace sallyport::signin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using enum OAuthRefusal;

constexpr const char* kIssuer = "https://id.example.com";

class NoSessions final : public SessionAccess {
 public:
  Task<std::pair<json::object, std::int64_t>> LoadTokens(model::SessionId) override { co_return Fail(Errc::kSessionEnded); }
  Task<void> ReplaceTokens(model::SessionId, std::int64_t, json::object) override { co_return Result<void>{}; }
  Task<bool> End(model::SessionId, model::EndReason) override { co_return false; }
  Task<void> Announce(std::vector<store::Revocation> ended) override {
    announced += ended.size();
    co_return Result<void>{};
  }
  std::size_t announced = 0;
};

class OAuthMethodTest : public test::SigninWorld {
 protected:
  OAuthMethodTest() {
    options_.spec.id = "work";
    options_.spec.name = "Work";
    options_.spec.issuer = kIssuer;
    options_.spec.authorization.scope = "openid profile email";
    options_.spec.profile.verification = EmailVerification::kFlag;
    options_.spec.profile.verified = "email_verified";
    options_.credentials.client_id = "us";
    options_.credentials.client_secret = Secret("our secret");
    http_.Respond([this](const net::OutboundRequest& request) { return Provide(request); });
  }

  OAuthMethod& method() {
    if (!method_) {
      std::vector<ProviderOptions> providers;
      providers.push_back(options_.Clone());
      auto set = *ProviderSet::Create(std::move(providers), http_, clock_, random_);
      method_ = *OAuthMethod::Create(std::move(set), {"https://app.example.com/api/auth/callback/", *store_, sessions_, *throttle_, *keys_, clock_, random_, refreshes_});
    }
    return *method_;
  }
  ProviderConnection& provider() { return *method().providers()->Find("work"); }

  // The provider's side.
  Result<net::OutboundResponse> Provide(const net::OutboundRequest& request) {
    net::OutboundResponse response;
    response.status = 200;
    response.headers = {{"content-type", "application/json"}};
    if (request.url.ends_with("/.well-known/openid-configuration")) {
      json::object document = {{"issuer", kIssuer}, {"authorization_endpoint", "https://id.example.com/authorize"}, {"token_endpoint", "https://id.example.com/token"}, {"jwks_uri", "https://id.example.com/keys"}};
      for (const auto& member : discovery_) document[member.key()] = member.value();
      response.body = json::serialize(document);
    } else if (request.url.ends_with("/keys")) {
      jose::JwkSet keys;
      keys.Add(jose::Jwk::FromPublic(key_.Public(), "k1"));
      response.body = json::serialize(keys.ToPublicJson());
    } else if (request.url.ends_with("/token")) {
      if (token_is_down_) return Fail(net::Errc::kOutboundFailed);
      response.status = token_status_;
      response.body = json::serialize(json::object{{"access_token", "AT"}, {"refresh_token", "RT"}, {"token_type", "Bearer"}, {"expires_in", 60}, {"scope", "openid"}, {"id_token", IdToken()}});
    } else if (request.url.ends_with("/par")) {
      response.status = par_status_;
      response.body = R"({"request_uri":"urn:example:1","expires_in":60})";
    } else {
      response.status = 404;
    }
    return response;
  }
  std::string IdToken() {
    json::object claims = {{"iss", kIssuer}, {"sub", "s1"}, {"aud", "us"}, {"iat", UnixSeconds(clock_.Now())}, {"exp", UnixSeconds(clock_.Now()) + 60},
                           {"nonce", nonce_}, {"name", "Ada"}, {"email", "ada@example.com"}, {"email_verified", true}, {"sid", "op-session"}};
    for (const auto& claim : claims_) claims[claim.key()] = claim.value();
    return *jose::JwsSigner::Create(jose::Jwk::FromPrivate(key_, "k1"), jose::JwsAlgorithm::kEs256, "")->Sign(json::serialize(claims));
  }

  Result<StartedSignIn> Start(StartRequest request = {}) {
    if (request.callback_url.empty()) request.callback_url = "https://app.example.com/after";
    auto started = Run(method().Start(provider(), std::move(request), {"192.0.2.1", "UA", "req", false}));
    if (started) nonce_ = Parameter(started->url, "nonce");
    return started;
  }
  static std::string Parameter(const std::string& url, std::string_view name) {
    return std::string(http::ParseQuery(ParseUrl(url)->query)->Find(name).value_or(""));
  }
  OAuthAnswer Finish(const StartedSignIn& started, std::vector<http::Parameter> parameters = {}, std::optional<model::SessionId> session = std::nullopt) {
    if (parameters.empty()) parameters = {{"state", started.state}, {"code", "C"}};
    return *Run(method().Finish(provider(), {http::Parameters(std::move(parameters)), started.transaction, std::move(session)}, {"192.0.2.1", "UA", "req", false}));
  }
  OAuthAnswer SignIn() { return Finish(*Start()); }
  void AddSession(const model::UserId& user, const model::SessionId& id) {
    model::SessionRecord session;
    session.id = id;
    session.user_id = user;
    session.token_hash = model::TokenHash{1};
    session.idle_end = session.absolute_end = clock_.Now() + std::chrono::hours(1);
    ASSERT_TRUE(Run(store_->sessions().CompleteSignIn({session, std::nullopt})));
  }

  const crypto::PrivateKey key_ = crypto::PrivateKey::Generate(crypto::KeyType::kP256);
  std::vector<Secret> secrets_ = [] { std::vector<Secret> v; v.emplace_back(std::string(32, 's')); return v; }();
  Result<crypto::DerivedKeys> keys_ = crypto::DerivedKeys::Derive(secrets_);
  ProviderOptions options_;
  NoSessions sessions_;
  RefreshCounters refreshes_;
  std::unique_ptr<OAuthMethod> method_;
  json::object discovery_, claims_;
  long token_status_ = 200, par_status_ = 201;
  bool token_is_down_ = false;
  std::string nonce_;
};

TEST_F(OAuthMethodTest, SignsInWithUserAndSealedTokens) {
  const auto answer = SignIn();
  ASSERT_TRUE(answer.signed_in);
  EXPECT_EQ(answer.callback_url, "https://app.example.com/after");
  EXPECT_EQ(answer.signed_in->method, "work");
  EXPECT_TRUE(answer.signed_in->is_new_user);
  EXPECT_EQ(answer.signed_in->user.email, "ada@example.com");
  EXPECT_EQ(answer.signed_in->user.email_verified, clock_.Now());
  json::object tokens = answer.signed_in->tokens;
  tokens.erase("id_token");
  EXPECT_EQ(json::serialize(tokens), R"({"provider":"work","iss":"https://id.example.com","sub":"s1","sid":"op-session","access_token":"AT","token_type":"Bearer","expires_at":1800000060,"refresh_at":1800000045,"refresh_token":"RT","scope":"openid"})");
  EXPECT_THAT(AuditLines(), ElementsAre("signin success", "register success"));
  EXPECT_FALSE(SignIn().signed_in->is_new_user) << "the first time only";
}

TEST_F(OAuthMethodTest, S30_TheTokenRequestProvesWhoBegan) {
  const auto started = Start();
  ASSERT_TRUE(started);
  EXPECT_EQ(Parameter(started->url, "redirect_uri"), "https://app.example.com/api/auth/callback/work");
  EXPECT_EQ(Parameter(started->url, "code_challenge_method"), "S256");
  ASSERT_TRUE(Finish(*started).signed_in);
  const auto requests = http_.requests();
  const auto token = std::ranges::find_if(requests, [](const auto& r) { return r.url.ends_with("/token"); });
  ASSERT_NE(token, requests.end());
  EXPECT_THAT(token->body, HasSubstr("grant_type=authorization_code"));
  EXPECT_THAT(token->body, HasSubstr("code_verifier="));
  EXPECT_THAT(token->body, ::testing::Not(HasSubstr("our")));
  EXPECT_FALSE(token->allow_private) << "S37";
}

TEST_F(OAuthMethodTest, S12_AnAnswerCountsOnceAndForItsProviderAlone) {
  const auto started = Start();
  ASSERT_TRUE(Finish(*started).signed_in);
  EXPECT_EQ(Finish(*started).refusal, kNoTransaction);
  const auto other = Start();
  EXPECT_EQ(Finish(*other, {{"state", started->state}, {"code", "C"}}).refusal, kNoTransaction) << "another transaction's state";
  StartedSignIn bare = *other;
  bare.transaction.clear();
  EXPECT_EQ(Finish(bare).refusal, kNoTransaction);
  clock_.Advance(token::kTransactionLifetime);
  EXPECT_EQ(Finish(*other).refusal, kNoTransaction) << "too late";
}

TEST_F(OAuthMethodTest, S31_AnIdTokenThatIsNotRightIsRefused) {
  const json::object wrong[] = {{{"iss", "https://evil.example"}}, {{"aud", "them"}}, {{"nonce", "x"}}, {{"exp", 1}}, {{"sub", ""}}};
  for (const auto& claims : wrong) {
    claims_ = claims;
    EXPECT_EQ(SignIn().refusal, kExchange) << json::serialize(claims);
  }
  EXPECT_FALSE(*Run(store_->users().FindByAccount("work", "s1")));
}

TEST_F(OAuthMethodTest, S60_AnOutageIsToldApartAndSignsNobodyIn) {
  token_is_down_ = true;
  EXPECT_EQ(SignIn().refusal, kUnavailable);
  token_is_down_ = false;
  token_status_ = 503;
  EXPECT_EQ(SignIn().refusal, kUnavailable);
  EXPECT_THAT(AuditLines(), ElementsAre("signin failure exchange_failed", "signin failure exchange_failed"));
}

TEST_F(OAuthMethodTest, ARefusalOfTheProviderIsAnswered) {
  const auto started = Start();
  const auto answer = Finish(*started, {{"state", started->state}, {"error", "access_denied"}});
  EXPECT_EQ(answer.refusal, kProviderError);
  EXPECT_EQ(Finish(*started).refusal, kNoTransaction) << "used up";
}

TEST_F(OAuthMethodTest, S33_AClaimedUsersSessionsAreAnnounced) {
  AddUser("u1", "ada@example.com", "phc");
  AddSession("u1", "squatter");
  const auto answer = SignIn();
  ASSERT_TRUE(answer.signed_in);
  EXPECT_EQ(answer.signed_in->user.id, "u1");
  EXPECT_EQ(sessions_.announced, 1u);
  EXPECT_THAT(AuditLines(), ElementsAre("signin success", "account.claim success"));
}

TEST_F(OAuthMethodTest, S33_AnAddressThatTheProviderDoesNotVouchForLinksNothing) {
  AddUser("u1", "ada@example.com", "phc");
  claims_ = {{"email_verified", false}};
  EXPECT_EQ(SignIn().refusal, kNotLinked);
  options_.trust_email = true;
  method_.reset();
  EXPECT_TRUE(SignIn().signed_in) << "a weakening, spelled out";
}

TEST_F(OAuthMethodTest, ASignedInPersonConnectsAnAccount) {
  AddUser("u1", "other@example.com", "phc");
  AddSession("u1", "s");
  const auto started = Start({.callback_url = {}, .caller = {}, .link_user = "u1", .link_session = "s"});
  const auto answer = Finish(*started, {}, "s");
  EXPECT_TRUE(answer.connected);
  EXPECT_FALSE(answer.signed_in);
  EXPECT_EQ(Run(store_->users().FindByAccount("work", "s1")).value()->id, "u1");
  EXPECT_THAT(AuditLines(), ElementsAre("account.link success"));
}

TEST_F(OAuthMethodTest, NothingIsConnectedOnceTheSessionThatAskedIsGone) {
  AddUser("u1", "other@example.com", "phc");
  AddSession("u1", "s");
  const StartRequest ask{.callback_url = {}, .caller = {}, .link_user = "u1", .link_session = "s"};
  EXPECT_EQ(Finish(*Start(ask), {}, "another").refusal, kNoTransaction) << "somebody else is signed in by now";
  ASSERT_TRUE(Run(store_->sessions().Revoke("s", std::nullopt, model::EndReason::kSignedOut)));
  EXPECT_EQ(Finish(*Start(ask)).refusal, kNoTransaction);
  EXPECT_FALSE(*Run(store_->users().FindByAccount("work", "s1")));
}

TEST_F(OAuthMethodTest, ClosedDoorsAndDisabledUsersAreDenied) {
  options_.allow_registration = false;
  EXPECT_EQ(SignIn().refusal, kDenied);
  options_.allow_registration = true;
  method_.reset();
  const auto id = SignIn().signed_in->user.id;
  ASSERT_TRUE(Run(store_->sessions().SetUserDisabled(id, true)));
  EXPECT_EQ(SignIn().refusal, kDenied);
}

TEST_F(OAuthMethodTest, RequestsArePushedWhereTheProviderOffersIt) {
  discovery_ = {{"pushed_authorization_request_endpoint", "https://id.example.com/par"}};
  const auto started = Start();
  ASSERT_TRUE(started);
  EXPECT_EQ(started->url, "https://id.example.com/authorize?client_id=us&request_uri=urn%3Aexample%3A1");
  par_status_ = 503;
  EXPECT_THAT(Start()->url, HasSubstr("code_challenge=")) << "by the browser then";
  discovery_["require_pushed_authorization_requests"] = true;
  method_.reset();
  EXPECT_FALSE(Start()) << "unless it is demanded";
}

TEST_F(OAuthMethodTest, S37_MetadataThatNamesPlainHttpIsRefused) {
  discovery_ = {{"token_endpoint", "http://id.example.com/token"}};
  const auto started = Start();
  ASSERT_FALSE(started);
  EXPECT_TRUE(started.error().Is(oauth::Errc::kInsecureEndpoint));
  EXPECT_THAT(AuditLines(), ElementsAre("signin failure provider_unavailable"));
}

TEST_F(OAuthMethodTest, S55_StartsAreLimitedByAddress) {
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(Start());
  const auto asked = http_.requests().size();
  const auto refused = Start();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().Is(Errc::kThrottled));
  EXPECT_EQ(http_.requests().size(), asked);
  EXPECT_EQ(AuditLines().at(0), "signin denied throttled_address");
}

TEST_F(OAuthMethodTest, AKeyInsteadOfASecret) {
  options_.credentials.client_secret = Secret();
  options_.credentials.private_key = crypto::PrivateKey::Generate(crypto::KeyType::kP256).ToPem();
  options_.spec.token.authentication = ClientAuthentication::kPrivateKeyJwt;
  ASSERT_TRUE(SignIn().signed_in);
  const auto requests = http_.requests();
  const auto token = std::ranges::find_if(requests, [](const auto& r) { return r.url.ends_with("/token"); });
  EXPECT_THAT(token->body, HasSubstr("client_assertion=ey"));
  options_.credentials.private_key = Secret("no key");
  std::vector<ProviderOptions> providers;
  providers.push_back(options_.Clone());
  EXPECT_FALSE(ProviderSet::Create(std::move(providers), http_, clock_, random_));
}

}  // namespace
}  // namespace sallyport::signin
