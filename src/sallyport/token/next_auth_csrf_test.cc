// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/next_auth_csrf.h"

#include <gtest/gtest.h>

#include "sallyport/token/errc.h"
#include "support/fake_random.h"

namespace sallyport::token {
namespace {

constexpr const char* kSecret = "test-secret-0123456789abcdef";
const std::string kToken(64, 'a');
const std::string kHash = "4a31e02953bd18bb4ce1f862e41a3e3c3ac4a4e5e906a0e30534e8d36b1e87ac";  // by the real package

NextAuthCsrf Csrf(std::initializer_list<const char*> secrets = {kSecret}) {
  std::vector<Secret> list;
  for (const char* secret : secrets) list.emplace_back(secret);
  return NextAuthCsrf(list);
}

TEST(NextAuthCsrf, CookieOfTheRealPackageVerifies) {
  EXPECT_EQ(Csrf().Verify(kToken + "|" + kHash), kToken);
  EXPECT_EQ(Csrf().Verify(kToken + "%7C" + kHash), kToken);
  EXPECT_TRUE(Csrf().Matches(kToken + "|" + kHash, kToken));
}

TEST(NextAuthCsrf, MintedCookieVerifies) {
  test::FakeRandom random;
  const MintedCsrf minted = Csrf().Mint(random);
  EXPECT_EQ(minted.token.size(), 64U);
  EXPECT_EQ(Csrf().Verify(minted.cookie), minted.token);
  EXPECT_NE(Csrf().Mint(random).token, minted.token);
}

TEST(NextAuthCsrf, EverySecretAndAllOfThemJoinedVerify) {
  test::FakeRandom random;
  for (const char* secret : {"one", "two", "one,two"}) EXPECT_TRUE(Csrf({"one", "two"}).Verify(Csrf({secret}).Mint(random).cookie)) << secret;
  EXPECT_TRUE(Csrf({"one"}).Verify(Csrf({"one", "two"}).Mint(random).cookie)) << "the first one makes";
  for (const char* secret : {"three", "two,one", "onetwo"}) EXPECT_FALSE(Csrf({"one", "two"}).Verify(Csrf({secret}).Mint(random).cookie)) << secret;
}

TEST(NextAuthCsrf, ForgedAndMalformedCookiesAreRefused) {
  std::string forged = kToken + "|" + kHash;
  forged[0] = 'b';
  EXPECT_TRUE(Csrf().Verify(forged).error().Is(Errc::kForged));
  EXPECT_TRUE(Csrf().Verify(kToken + "|").error().Is(Errc::kForged));
  EXPECT_TRUE(Csrf().Verify(kToken + "|" + kHash + "0").error().Is(Errc::kForged));
  for (const std::string& bad : {std::string(), std::string("|"), kToken, kToken + kHash, kToken.substr(1) + "|" + kHash, std::string(64, 'A') + "|" + kHash})
    EXPECT_TRUE(Csrf().Verify(bad).error().Is(Errc::kMalformed)) << bad;
}

TEST(NextAuthCsrf, S44_EmptyTokensNeverMatch) {
  EXPECT_FALSE(Csrf().Matches("", ""));
  EXPECT_FALSE(Csrf().Matches("|", ""));
  EXPECT_FALSE(Csrf().Matches(kToken + "|" + kHash, ""));
  EXPECT_FALSE(Csrf().Matches(kToken + "|" + kHash, kToken + "a"));
  EXPECT_FALSE(Csrf().Matches("", kToken));
}

}  // namespace
}  // namespace sallyport::token
