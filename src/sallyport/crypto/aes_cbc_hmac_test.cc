// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/aes_cbc_hmac.h"

#include <gtest/gtest.h>

#include "sallyport/base/hex.h"
#include "sallyport/crypto/errc.h"

namespace sallyport::crypto {
namespace {

// RFC 7518, appendix B: the key counts up from 00; plaintext and associated data are quotations of Kerckhoffs.
const std::string kPlain =
    "A cipher system must not be required to be secret, and it must be able to fall into the hands of the enemy without "
    "inconvenience";
const std::string kAad = "The second principle of Auguste Kerckhoffs";
const std::string kIv = *DecodeHex("1af38c2dc2b96ffdd86694092341bc04");

std::string CountingKey(std::size_t length) {
  std::string key;
  for (std::size_t i = 0; i < length; ++i) key += static_cast<char>(i);
  return key;
}

TEST(AesCbcHmac, TagsAreThoseOfRfc7518) {
  const auto small = AesCbcHmac::Create(CountingKey(32))->Encrypt(kIv, kPlain, kAad);
  EXPECT_EQ(EncodeHex(small.ciphertext).substr(0, 32), "c80edfa32ddf39d5ef00c0b468834279");
  EXPECT_EQ(EncodeHex(small.tag), "652c3fa36b0a7c5b3219fab3a30bc1c4");
  const auto large = AesCbcHmac::Create(CountingKey(64))->Encrypt(kIv, kPlain, kAad);
  EXPECT_EQ(EncodeHex(large.ciphertext).substr(0, 32), "4affaaadb78c31c5da4b1b590d10ffbd");
  EXPECT_EQ(EncodeHex(large.tag), "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5");
}

TEST(AesCbcHmac, EveryLengthRoundTrips) {
  for (const std::size_t key : {32U, 64U}) {
    const auto cipher = AesCbcHmac::Create(CountingKey(key));
    for (std::size_t length = 0; length < 50; ++length) {
      const std::string text(length, 'x');
      const auto sealed = cipher->Encrypt(kIv, text, kAad);
      EXPECT_EQ(cipher->Decrypt(kIv, sealed.ciphertext, sealed.tag, kAad), text);
    }
  }
}

TEST(AesCbcHmac, WhatIsAlteredAnywhereDoesNotOpen) {
  const auto cipher = AesCbcHmac::Create(CountingKey(64));
  const auto sealed = cipher->Encrypt(kIv, kPlain, kAad);
  std::string bad = sealed.ciphertext;
  bad.back() ^= 1;  // would be a padding error, if the MAC did not come first
  EXPECT_TRUE(cipher->Decrypt(kIv, bad, sealed.tag, kAad).error().Is(Errc::kAuthenticationFailed));
  EXPECT_FALSE(cipher->Decrypt(kIv, sealed.ciphertext.substr(0, 16), sealed.tag, kAad));
  EXPECT_FALSE(cipher->Decrypt(kIv, "", sealed.tag, kAad));
  EXPECT_FALSE(cipher->Decrypt(kIv, sealed.ciphertext, sealed.tag.substr(0, 16), kAad)) << "truncated tag";
  EXPECT_FALSE(cipher->Decrypt(kIv, sealed.ciphertext, sealed.tag, kAad + "."));
  EXPECT_FALSE(cipher->Decrypt(std::string(16, 'i'), sealed.ciphertext, sealed.tag, kAad));
  EXPECT_FALSE(cipher->Decrypt("", sealed.ciphertext, sealed.tag, kAad));
  EXPECT_FALSE(AesCbcHmac::Create(std::string(64, 'x'))->Decrypt(kIv, sealed.ciphertext, sealed.tag, kAad));
}

TEST(AesCbcHmac, KeyLengthIsChecked) {
  for (const std::size_t length : {0U, 16U, 31U, 48U, 65U})
    EXPECT_TRUE(AesCbcHmac::Create(std::string(length, 'k')).error().Is(Errc::kInvalidKey));
}

TEST(AesCbcHmac, CloneIsTheSameKey) {
  const auto cipher = AesCbcHmac::Create(CountingKey(64));
  const auto sealed = cipher->Clone().Encrypt(kIv, kPlain, kAad);
  EXPECT_EQ(cipher->Decrypt(kIv, sealed.ciphertext, sealed.tag, kAad), kPlain);
}

}  // namespace
}  // namespace sallyport::crypto
