// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/sealed_box.h"

#include <gtest/gtest.h>

#include "sallyport/crypto/errc.h"
#include "support/fake_random.h"

namespace sallyport::crypto {
namespace {

std::vector<Secret> Keys(std::initializer_list<char> letters) {
  std::vector<Secret> keys;
  for (const char letter : letters) keys.emplace_back(std::string(32, letter));
  return keys;
}

class SealedBoxTest : public ::testing::Test {
 protected:
  SealedBox Box(std::initializer_list<char> letters) { return *SealedBox::Create(Keys(letters), random_); }
  test::FakeRandom random_;
};

TEST_F(SealedBoxTest, OpensWhatItSealed) {
  const SealedBox box = Box({'a'});
  const std::string sealed = box.Seal("token", "accounts:7");
  EXPECT_EQ(sealed.size(), 5 + SealedBox::kOverhead);
  EXPECT_EQ(box.Open(sealed, "accounts:7"), "token");
  EXPECT_EQ(box.Open(box.Seal("", ""), ""), "");
}

TEST_F(SealedBoxTest, SameTextNeverLooksTheSame) {
  const SealedBox box = Box({'a'});
  EXPECT_NE(box.Seal("token", ""), box.Seal("token", ""));
}

TEST_F(SealedBoxTest, BoxMovedToAnotherPlaceDoesNotOpen) {
  const SealedBox box = Box({'a'});
  EXPECT_TRUE(box.Open(box.Seal("token", "accounts:7"), "accounts:8").error().Is(Errc::kAuthenticationFailed));
}

TEST_F(SealedBoxTest, KeysRotateTheFirstSealsAllOpen) {
  const std::string old = Box({'a'}).Seal("token", "");
  const SealedBox both = Box({'b', 'a'});
  EXPECT_EQ(both.Open(old, ""), "token");
  EXPECT_TRUE(both.NeedsReseal(old));
  const std::string fresh = both.Seal("token", "");
  EXPECT_FALSE(both.NeedsReseal(fresh));
  EXPECT_EQ(Box({'b'}).Open(fresh, ""), "token");
  EXPECT_FALSE(Box({'b'}).Open(old, "")) << "a retired key opens nothing";
}

TEST_F(SealedBoxTest, EveryByteIsProtected) {
  const SealedBox box = Box({'a'});
  const std::string sealed = box.Seal("token", "x");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string bad = sealed;
    bad[i] ^= 1;
    EXPECT_FALSE(box.Open(bad, "x")) << i;
    EXPECT_FALSE(box.Open(std::string_view(sealed).substr(0, i), "x")) << i;
  }
}

TEST_F(SealedBoxTest, KeysOfAnotherLengthOrNoneAreRefused) {
  EXPECT_FALSE(SealedBox::Create({}, random_));
  std::vector<Secret> bad;
  bad.emplace_back(std::string(16, 'a'));
  EXPECT_FALSE(SealedBox::Create(bad, random_));
}

}  // namespace
}  // namespace sallyport::crypto
