// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/session_token.h"

#include <gtest/gtest.h>

#include "sallyport/base/hex.h"
#include "sallyport/crypto/digest.h"
#include "sallyport/jose/base64url.h"
#include "sallyport/token/account_token.h"
#include "support/fake_random.h"

namespace sallyport::token {
namespace {

TEST(SessionToken, S1_Has256BitsAndNeverRepeats) {
  test::FakeRandom random;
  const std::string token = MintSessionToken(random);
  EXPECT_EQ(token.size(), kSessionTokenLength);
  EXPECT_EQ(jose::DecodeBase64Url(token)->size(), kSessionTokenBytes);
  EXPECT_NE(MintSessionToken(random), token);
}

TEST(SessionToken, HashIsSha256OfTheText) {
  EXPECT_EQ(EncodeHex(crypto::AsView(HashOf("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(SessionToken, S44_WhatWasNeverMintedIsNotEvenHashed) {
  test::FakeRandom random;
  const std::string token = MintSessionToken(random);
  EXPECT_EQ(HashIfWellFormed(token), HashOf(token));
  for (const std::string& bad : {std::string(), std::string("null"), token.substr(1), token + "A", std::string(43, '='), std::string(43, '\0'),
                                 std::string(42, 'A') + "+", std::string(10'000, 'A')})
    EXPECT_FALSE(HashIfWellFormed(bad)) << bad;
}

TEST(AccountToken, S54_IsRandomAndHashedAtRest) {
  test::FakeRandom random;
  const std::string token = MintAccountToken(random);
  const auto hash = HashAccountToken(token);
  ASSERT_TRUE(hash);
  EXPECT_EQ(*hash, EncodeHex(crypto::AsView(crypto::Sha256(token))));
  EXPECT_NE(MintAccountToken(random), token);
}

TEST(AccountToken, S44_EmptyAndMisshapenTokensHaveNoHash) {
  for (const char* bad : {"", "null", "undefined", "AAAA"}) EXPECT_FALSE(HashAccountToken(bad)) << bad;
}

}  // namespace
}  // namespace sallyport::token
