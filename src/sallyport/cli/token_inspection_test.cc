// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/token_inspection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/config/test_loading.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/crypto/key_pair.h"
#include "sallyport/session/session_cookie.h"
#include "sallyport/token/access_token.h"
#include "sallyport/token/next_auth_csrf.h"
#include "sallyport/token/next_auth_jwe.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"

namespace sallyport::cli {
namespace {

using testing::HasSubstr;

class InspectTokens : public testing::Test {
 protected:
  jose::Jwk NewKey() { return jose::Jwk::FromPrivate(crypto::PrivateKey::Generate(crypto::KeyType::kP256), "key-1", "ES256"); }
  std::string AccessToken(jose::Jwk key) {
    const auto now = clock_.Now();
    return *token::AccessTokenMinter::Create(std::move(key))->Mint({.issuer = "http://localhost:8080", .audience = "api", .subject = "u1", .client_id = "web",
                                                                    .session = "s1", .id = "j1", .issued_at = now, .expires_at = now + std::chrono::minutes(5),
                                                                    .authenticated_at = now, .methods = {"pwd"}, .extra = {}});
  }
  InspectionKeys WithConfig() { return {config_->get(), nullptr}; }

  sallyport::test::FakeClock clock_;
  sallyport::test::FakeRandom random_;
  const config::LoadResult config_ = config::test::Load(config::test::kMinimal);
};

TEST_F(InspectTokens, AnAccessTokenOfOursIsVerifiedUntilItExpires) {
  auto key = NewKey();
  jose::JwkSet set;
  set.Add(key.Clone());
  const auto token = AccessToken(key.Clone());
  const auto fresh = InspectToken("Bearer " + token, {nullptr, &set}, clock_.Now());
  EXPECT_EQ(fresh.kind, "access_token");
  EXPECT_TRUE(fresh.verified) << fresh.verdict;
  EXPECT_EQ(fresh.claims.at("aud"), "api");
  EXPECT_THAT(fresh.times, testing::Contains(HasSubstr("exp: ")));
  const auto old = InspectToken(token, {nullptr, &set}, clock_.Now() + std::chrono::hours(1));
  EXPECT_FALSE(old.verified);
  EXPECT_THAT(old.verdict, HasSubstr("expired"));
}

TEST_F(InspectTokens, S40_AForeignOrUncheckedSignatureIsNeverVerified) {
  const auto token = AccessToken(NewKey());
  jose::JwkSet other;
  other.Add(NewKey());
  EXPECT_FALSE(InspectToken(token, {nullptr, &other}, clock_.Now()).verified);
  EXPECT_FALSE(InspectToken(token, {}, clock_.Now()).verified);
  EXPECT_FALSE(InspectToken("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", {nullptr, &other}, clock_.Now()).verified);
}

TEST_F(InspectTokens, ASessionCookieIsOpenedAlsoWhenItHasExpired) {
  const auto derived = crypto::DerivedKeys::Derive((*config_)->secrets);
  ASSERT_TRUE(derived);
  for (const auto version : {token::NextAuthVersion::kV4, token::NextAuthVersion::kV5}) {
    const auto compat = version == token::NextAuthVersion::kV4 ? session::NextAuthCompat::kV4 : session::NextAuthCompat::kV5;
    const auto codec = token::NextAuthCodec::Create(version, derived->All(crypto::KeyPurpose::kCompat), session::CookieNames::For(compat, false).session, clock_, random_);
    ASSERT_TRUE(codec);
    const auto cookie = codec->Seal({{"sub", "u1"}, {"exp", UnixSeconds(clock_.Now()) + 60}});
    const auto fresh = InspectToken("authjs.session-token=" + cookie, WithConfig(), clock_.Now());
    EXPECT_EQ(fresh.kind, "session_cookie");
    EXPECT_TRUE(fresh.verified) << fresh.verdict;
    EXPECT_EQ(fresh.claims.at("sub"), "u1");
    EXPECT_FALSE(InspectToken(cookie, WithConfig(), clock_.Now() + std::chrono::hours(1)).verified);
    EXPECT_FALSE(InspectToken(cookie, {}, clock_.Now()).verified);
  }
}

TEST_F(InspectTokens, ACsrfCookieIsCheckedPlainAndEncoded) {
  const auto derived = crypto::DerivedKeys::Derive((*config_)->secrets);
  const auto minted = token::NextAuthCsrf(derived->All(crypto::KeyPurpose::kCompat)).Mint(random_);
  EXPECT_TRUE(InspectToken(minted.cookie, WithConfig(), clock_.Now()).verified);
  EXPECT_TRUE(InspectToken(minted.token + "%7C" + minted.cookie.substr(65), WithConfig(), clock_.Now()).verified);
  EXPECT_FALSE(InspectToken(minted.token + "|" + std::string(64, '0'), WithConfig(), clock_.Now()).verified);
}

TEST_F(InspectTokens, OtherThingsAreNamedForWhatTheyAre) {
  EXPECT_EQ(InspectToken(std::string(43, 'a'), {}, clock_.Now()).kind, "opaque");
  EXPECT_EQ(InspectToken("nonsense", {}, clock_.Now()).kind, "unknown");
  EXPECT_EQ(InspectToken("", {}, clock_.Now()).kind, "unknown");
  EXPECT_EQ(InspectToken("a.b.c", {}, clock_.Now()).kind, "jws");
  EXPECT_EQ(InspectToken("a.b.c.d.e", {}, clock_.Now()).kind, "jwe");
}

TEST(InWords, TellsTimesAsPeopleDo) {
  EXPECT_EQ(InWords(std::chrono::minutes(5)), "in 5 minutes");
  EXPECT_EQ(InWords(-std::chrono::seconds(1)), "1 second ago");
  EXPECT_EQ(InWords(std::chrono::hours(72)), "in 3 days");
  EXPECT_EQ(InWords(Duration(0)), "now");
}

}  // namespace
}  // namespace sallyport::cli
