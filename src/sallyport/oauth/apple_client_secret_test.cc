// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/apple_client_secret.h"

#include <gtest/gtest.h>

#include "sallyport/jose/verified_jwt.h"
#include "sallyport/oauth/errc.h"
#include "support/fake_clock.h"

namespace sallyport::oauth {
namespace {

TEST(AppleClientSecret, IsAJwtOfTheTeamForApple) {
  const test::FakeClock clock;
  const auto key = crypto::PrivateKey::Generate(crypto::KeyType::kP256);
  const auto secret = MakeAppleClientSecret({"TEAM", "KEY1", key}, "com.example.web", "https://appleid.apple.com", clock.Now());
  ASSERT_TRUE(secret);
  jose::JwkSet keys;
  keys.Add(jose::Jwk::FromPublic(key.Public(), "KEY1"));
  const auto verified = jose::JwtVerifier(keys, {jose::JwsAlgorithm::kEs256}, "",
                                          jose::JwtClaimsPolicy("TEAM", "https://appleid.apple.com"), clock)
                            .Verify(secret->Reveal());
  ASSERT_TRUE(verified) << verified.error().ToLogString();
  EXPECT_EQ(verified->header().kid, "KEY1");
  EXPECT_EQ(verified->subject(), "com.example.web");
}

TEST(AppleClientSecret, OtherKeysAreRefused) {
  const auto secret = MakeAppleClientSecret({"T", "K", crypto::PrivateKey::Generate(crypto::KeyType::kEd25519)}, "c", "i", {});
  ASSERT_FALSE(secret);
  EXPECT_TRUE(secret.error().Is(Errc::kInvalidClientSetup));
}

}  // namespace
}  // namespace sallyport::oauth
