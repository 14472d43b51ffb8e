// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/transaction.h"

#include <gtest/gtest.h>

#include "sallyport/token/errc.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"

namespace sallyport::token {
namespace {

class TransactionTest : public ::testing::Test {
 protected:
  TransactionTest() { keys_.emplace_back(std::string(32, 'k')); }
  TransactionSealer Sealer() { return *TransactionSealer::Create(keys_, clock_, random_); }
  static Transaction Sample() { return {"st", "no", "ve", "op", "https://a.example/x", "user", "sid", {}}; }

  test::FakeClock clock_;
  test::FakeRandom random_;
  std::vector<Secret> keys_;
};

TEST_F(TransactionTest, WhatIsSealedOpens) {
  const auto sealed = Sealer().Seal(Sample());
  ASSERT_TRUE(sealed);
  const auto opened = Sealer().Open(*sealed, "st", "op");
  ASSERT_TRUE(opened) << opened.error().ToLogString();
  EXPECT_EQ(opened->nonce, "no");
  EXPECT_EQ(opened->code_verifier, "ve");
  EXPECT_EQ(opened->callback_url, "https://a.example/x");
  EXPECT_EQ(opened->link_user, "user");
  EXPECT_EQ(opened->link_session, "sid");
  EXPECT_EQ(opened->started_at, clock_.Now());
  EXPECT_EQ(ClaimedStart(*sealed), clock_.Now());
  EXPECT_EQ(sealed->find("ve"), std::string::npos) << "the verifier is not to be read in the browser";
}

TEST_F(TransactionTest, S12_OpensForItsStateAndProviderOnly) {
  const auto sealed = *Sealer().Seal(Sample());
  EXPECT_TRUE(Sealer().Open(sealed, "other", "op").error().Is(Errc::kForged));
  EXPECT_TRUE(Sealer().Open(sealed, "st", "google").error().Is(Errc::kForged));
  EXPECT_FALSE(Sealer().Open(sealed, "", "op"));
}

TEST_F(TransactionTest, S30_LivesFifteenMinutes) {
  const auto sealed = *Sealer().Seal(Sample());
  clock_.Advance(kTransactionLifetime - Duration(1));
  EXPECT_TRUE(Sealer().Open(sealed, "st", "op"));
  clock_.Advance(Duration(1));
  EXPECT_TRUE(Sealer().Open(sealed, "st", "op").error().Is(Errc::kExpired));
}

TEST_F(TransactionTest, StartCannotBeMoved) {
  const auto sealed = *Sealer().Seal(Sample());
  clock_.Advance(kTransactionLifetime);
  const std::string moved = std::to_string(UnixSeconds(clock_.Now())) + sealed.substr(sealed.find('.'));
  EXPECT_TRUE(Sealer().Open(moved, "st", "op").error().Is(Errc::kForged));
}

TEST_F(TransactionTest, WhatIsNoneIsRefused) {
  const auto sealed = *Sealer().Seal(Sample());
  for (const std::string& text : {std::string(), std::string("."), std::string("1."), sealed.substr(0, 11), sealed.substr(sealed.find('.') + 1),
                                  "-" + sealed, "99999999999999999999" + sealed.substr(sealed.find('.')), sealed + "=", std::string(5000, 'a')})
    EXPECT_FALSE(Sealer().Open(text, "st", "op")) << text;
  std::string flipped = sealed;
  flipped.back() = flipped.back() == 'A' ? 'E' : 'A';
  EXPECT_FALSE(Sealer().Open(flipped, "st", "op"));
  EXPECT_EQ(ClaimedStart("x"), FromUnixSeconds(0));
}

TEST_F(TransactionTest, TooMuchIsRefused) {
  auto transaction = Sample();
  transaction.callback_url = std::string(4000, 'x');
  EXPECT_TRUE(Sealer().Seal(transaction).error().Is(Errc::kTooLarge));
}

TEST_F(TransactionTest, S12_EachStateHasACookieOfItsOwn) {
  EXPECT_EQ(TransactionCookieName("__Host-p.", "a").size(), 9u + 16u);
  EXPECT_NE(TransactionCookieName("p.", "a"), TransactionCookieName("p.", "b"));
  EXPECT_NE(StateHash("a"), StateHash("b"));
  EXPECT_EQ(StateHash("a").find(TransactionCookieName("", "a")), std::string::npos) << "the name says nothing about the hash";
}

}  // namespace
}  // namespace sallyport::token
