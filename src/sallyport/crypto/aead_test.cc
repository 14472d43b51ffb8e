// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/aead.h"

#include <gtest/gtest.h>

#include "sallyport/base/hex.h"
#include "sallyport/crypto/errc.h"

namespace sallyport::crypto {
namespace {

// The GCM specification (McGrew and Viega), test cases 4 (AES-128) and 16 (AES-256).
constexpr const char* kKey = "feffe9928665731c6d6a8f9467308308";
constexpr const char* kNonce = "cafebabefacedbaddecaf888";
constexpr const char* kPlain =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
constexpr const char* kAad = "feedfacedeadbeeffeedfacedeadbeefabaddad2";

std::string Bytes(std::string_view hex) { return *DecodeHex(hex); }

TEST(AesGcm, AnswersAreThoseOfTheSpecification) {
  const auto small = AesGcm::Create(Bytes(kKey))->Encrypt(Bytes(kNonce), Bytes(kPlain), Bytes(kAad));
  EXPECT_EQ(EncodeHex(small.ciphertext),
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091");
  EXPECT_EQ(EncodeHex(small.tag), "5bc94fbc3221a5db94fae95ae7121a47");
  const auto large = AesGcm::Create(Bytes(std::string(kKey) + kKey))->Encrypt(Bytes(kNonce), Bytes(kPlain), Bytes(kAad));
  EXPECT_EQ(EncodeHex(large.ciphertext),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662");
  EXPECT_EQ(EncodeHex(large.tag), "76fc6ece0f4e1768cddf8853bb2d551b");
}

TEST(AesGcm, WhatIsAlteredAnywhereDoesNotOpen) {
  const auto cipher = AesGcm::Create(std::string(32, 'k'));
  const std::string nonce(12, 'n');
  const auto sealed = cipher->Encrypt(nonce, "plain text", "for");
  EXPECT_EQ(cipher->Decrypt(nonce, sealed.ciphertext, sealed.tag, "for"), "plain text");
  std::string bad = sealed.ciphertext;
  bad[3] ^= 1;
  EXPECT_TRUE(cipher->Decrypt(nonce, bad, sealed.tag, "for").error().Is(Errc::kAuthenticationFailed));
  EXPECT_FALSE(cipher->Decrypt(nonce, sealed.ciphertext, sealed.tag, "other"));
  EXPECT_FALSE(cipher->Decrypt(std::string(12, 'm'), sealed.ciphertext, sealed.tag, "for"));
  EXPECT_FALSE(cipher->Decrypt(nonce, sealed.ciphertext, sealed.tag.substr(0, 15), "for")) << "short tags ease forging";
  EXPECT_FALSE(cipher->Decrypt(nonce, sealed.ciphertext, "", "for"));
  EXPECT_FALSE(cipher->Decrypt("", sealed.ciphertext, sealed.tag, "for"));
  EXPECT_FALSE(AesGcm::Create(std::string(32, 'x'))->Decrypt(nonce, sealed.ciphertext, sealed.tag, "for"));
}

TEST(AesGcm, EmptyTextAndEmptyDataWork) {
  const auto cipher = AesGcm::Create(std::string(16, 'k'));
  const auto sealed = cipher->Encrypt(std::string(12, 'n'), "", "");
  EXPECT_EQ(cipher->Decrypt(std::string(12, 'n'), sealed.ciphertext, sealed.tag, ""), "");
}

TEST(AesGcm, KeyLengthIsChecked) {
  for (const std::size_t length : {0U, 15U, 24U, 31U, 33U, 64U})
    EXPECT_TRUE(AesGcm::Create(std::string(length, 'k')).error().Is(Errc::kInvalidKey));
}

}  // namespace
}  // namespace sallyport::crypto
