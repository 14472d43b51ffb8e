// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/id_token.h"

#include "sallyport/crypto/digest.h"
#include "sallyport/crypto/hmac.h"
#include "sallyport/jose/errc.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/provider_tokens_fixture.h"

namespace sallyport::oauth {
namespace {

class IdTokenTest : public ProviderTokensFixture {
 protected:
  json::object Claims() const {
    return {{"iss", "https://op.example"}, {"aud", "app"}, {"sub", "u1"}, {"nonce", "n1"}, {"iat", now()}, {"exp", now() + 300}};
  }
  static IdTokenPolicy Policy() {
    IdTokenPolicy policy;
    policy.issuer = "https://op.example";
    policy.client_id = "app";
    policy.algorithms = DefaultIdTokenAlgorithms();
    policy.nonce = "n1";
    return policy;
  }
  Result<IdToken> Verify(const json::object& claims, const IdTokenPolicy& policy = Policy()) const {
    return VerifyIdToken(Sign(claims), keys_, policy, clock_);
  }
  template <class Code>
  void ExpectRefused(const json::object& claims, Code code, const IdTokenPolicy& policy = Policy()) const {
    const auto token = Verify(claims, policy);
    ASSERT_FALSE(token) << json::serialize(claims);
    EXPECT_TRUE(token.error().Is(code)) << token.error().ToLogString();
  }
  static json::value Text(const std::string& text) { return json::string(text); }
  json::object With(std::string_view name, json::value value) const {
    auto claims = Claims();
    claims[name] = std::move(value);
    return claims;
  }
  json::object Without(std::string_view name) const {
    auto claims = Claims();
    claims.erase(name);
    return claims;
  }
};

TEST_F(IdTokenTest, GoodTokenIsTaken) {
  const auto token = Verify(Claims());
  ASSERT_TRUE(token) << token.error().ToLogString();
  EXPECT_EQ(token->subject(), "u1");
  EXPECT_EQ(token->issuer(), "https://op.example");
}

TEST_F(IdTokenTest, S31_SignatureMustBeTheProviders) {
  auto token = Sign(Claims());
  const auto foreign = jose::JwsSigner::Create(jose::Jwk::FromPrivate(crypto::PrivateKey::Generate(crypto::KeyType::kP256), "k1"), jose::JwsAlgorithm::kEs256);
  EXPECT_TRUE(VerifyIdToken(*foreign->Sign(json::serialize(Claims())), keys_, Policy(), clock_).error().Is(jose::Errc::kBadSignature));
  EXPECT_TRUE(VerifyIdToken(Sign(Claims(), "", "k9"), keys_, Policy(), clock_).error().Is(jose::Errc::kKeyNotFound));
  const std::string body = token.substr(token.find('.'), token.rfind('.') - token.find('.') + 1);
  EXPECT_TRUE(VerifyIdToken(jose::EncodeBase64Url(R"({"alg":"none"})") + body, keys_, Policy(), clock_).error().Is(jose::Errc::kAlgorithmNotAllowed));
}

TEST_F(IdTokenTest, S31_AlgorithmMustBeTheClients) {
  auto policy = Policy();
  policy.algorithms = {jose::JwsAlgorithm::kRs256};
  ExpectRefused(Claims(), jose::Errc::kAlgorithmNotAllowed, policy);
}

TEST_F(IdTokenTest, S40_PublicKeyIsNoMacKey) {
  const std::string input = jose::EncodeBase64Url(R"({"alg":"HS256","kid":"k1"})") + "." + jose::EncodeBase64Url(json::serialize(Claims()));
  const std::string token = input + "." + jose::EncodeBase64Url(crypto::AsView(crypto::HmacSha256(key_.Public().ToPem()).Mac(input)));
  EXPECT_TRUE(VerifyIdToken(token, keys_, Policy(), clock_).error().Is(jose::Errc::kAlgorithmNotAllowed));
}

TEST_F(IdTokenTest, KeyIdMayBeAbsentWhenAKeyVerifies) { EXPECT_TRUE(VerifyIdToken(Sign(Claims(), "", ""), keys_, Policy(), clock_)); }

TEST_F(IdTokenTest, S31_IssuerAudienceAndAuthorizedPartyAreChecked) {
  ExpectRefused(With("iss", "https://evil.example"), Errc::kWrongIssuer);
  ExpectRefused(Without("iss"), Errc::kMissingClaim);
  ExpectRefused(With("aud", "other"), jose::Errc::kWrongAudience);
  ExpectRefused(Without("aud"), jose::Errc::kMissingClaim);
  ExpectRefused(With("aud", json::array{"app", "other"}), Errc::kWrongAuthorizedParty);
  ExpectRefused(With("azp", "other"), Errc::kWrongAuthorizedParty);
  auto both = With("aud", json::array{"other", "app"});
  both["azp"] = "app";
  EXPECT_TRUE(Verify(both));
  EXPECT_TRUE(Verify(With("aud", json::array{"app"})));
}

TEST_F(IdTokenTest, S31_TimesAndSubjectAreRequired) {
  ExpectRefused(Without("exp"), jose::Errc::kMissingClaim);
  ExpectRefused(Without("iat"), jose::Errc::kMissingClaim);
  ExpectRefused(Without("sub"), jose::Errc::kMissingClaim);
  ExpectRefused(With("sub", ""), jose::Errc::kMissingClaim);
  ExpectRefused(With("sub", 7), jose::Errc::kMalformed);
  ExpectRefused(With("sub", Text(std::string(256, 's'))), Errc::kMalformed);
  ExpectRefused(With("exp", now() - 15), jose::Errc::kExpired);
  ExpectRefused(With("iat", now() + 16), jose::Errc::kIssuedInFuture);
}

TEST_F(IdTokenTest, S31_NonceMustBeOurs) {
  ExpectRefused(With("nonce", "n2"), Errc::kWrongNonce);
  ExpectRefused(Without("nonce"), Errc::kWrongNonce);
  ExpectRefused(With("nonce", json::array{"n1"}), Errc::kMalformed);
  auto lax = Policy();
  lax.nonce_may_be_missing = true;
  EXPECT_TRUE(Verify(Without("nonce"), lax));
  ExpectRefused(With("nonce", "n2"), Errc::kWrongNonce, lax);
  auto refreshed = Policy();
  refreshed.nonce.reset();
  EXPECT_TRUE(Verify(Claims(), refreshed));
  auto empty = Policy();
  empty.nonce = "";
  ExpectRefused(With("nonce", ""), Errc::kWrongNonce, empty);
}

TEST_F(IdTokenTest, S31_HashesOfTokenAndCodeMustFitWhenTheyAreThere) {
  auto policy = Policy();
  policy.access_token = "at";
  policy.code = "cd";
  const auto half = [](std::string_view text) {
    const auto digest = crypto::Sha256(text);
    return jose::EncodeBase64Url(crypto::AsView(digest).substr(0, 16));
  };
  EXPECT_TRUE(Verify(Claims(), policy));
  EXPECT_TRUE(Verify(With("at_hash", Text(half("at"))), policy));
  EXPECT_TRUE(Verify(With("c_hash", Text(half("cd"))), policy));
  ExpectRefused(With("at_hash", Text(half("other"))), Errc::kWrongHash, policy);
  ExpectRefused(With("c_hash", Text(half("other"))), Errc::kWrongHash, policy);
  ExpectRefused(With("at_hash", ""), Errc::kWrongHash, policy);
  ExpectRefused(With("at_hash", 1), Errc::kMalformed, policy);
}

TEST_F(IdTokenTest, S40_OtherKindsOfTokenAreRefused) {
  for (const char* typ : {"at+jwt", "logout+jwt", "dpop+jwt"})
    EXPECT_TRUE(VerifyIdToken(Sign(Claims(), typ), keys_, Policy(), clock_).error().Is(jose::Errc::kWrongType)) << typ;
  EXPECT_TRUE(VerifyIdToken(Sign(Claims(), "JWT"), keys_, Policy(), clock_));
}

TEST_F(IdTokenTest, S31_TenantTemplateTakesAnyTenant) {
  auto policy = Policy();
  policy.issuer = "https://login.example/{tenantid}/v2.0";
  const std::string real = "https://login.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0";
  auto claims = With("iss", Text(real));
  ExpectRefused(claims, Errc::kWrongIssuer, policy);
  claims["tid"] = "9188040d-6c67-4c5b-b112-36a304b66dae";
  ExpectRefused(claims, Errc::kWrongIssuer, policy);
  claims["tid"] = "9188040d-6c67-4c5b-b112-36a304b66dad";
  const auto token = Verify(claims, policy);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->issuer(), real);
  ExpectRefused(With("iss", Text(policy.issuer)), Errc::kWrongIssuer, policy);
}

}  // namespace
}  // namespace sallyport::oauth
