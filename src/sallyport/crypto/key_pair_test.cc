// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/key_pair.h"

#include <gtest/gtest.h>

#include <map>

#include "sallyport/base/hex.h"
#include "sallyport/crypto/errc.h"

namespace sallyport::crypto {
namespace {

using enum SignatureAlgorithm;

constexpr KeyType kTypes[] = {KeyType::kP256, KeyType::kP384, KeyType::kP521, KeyType::kEd25519, KeyType::kRsa};
constexpr SignatureAlgorithm kAlgorithms[] = {kEs256, kEs384, kEs512, kEdDsa, kRs256, kRs384, kRs512, kPs256, kPs384, kPs512};

// Made once: an RSA key takes a while.
const PrivateKey& Key(KeyType type) {
  static std::map<KeyType, PrivateKey> keys;
  const auto found = keys.find(type);
  return found != keys.end() ? found->second : keys.emplace(type, PrivateKey::Generate(type)).first->second;
}

TEST(KeyPair, SignsAndVerifiesWithExactlyTheAlgorithmsThatFit) {
  for (const KeyType type : kTypes) {
    for (const SignatureAlgorithm algorithm : kAlgorithms) {
      const auto signature = Key(type).Sign(algorithm, "message");
      ASSERT_EQ(signature.has_value(), Fits(type, algorithm));
      if (!signature) {
        EXPECT_TRUE(signature.error().Is(Errc::kUnsupported));
        EXPECT_TRUE(Key(type).Public().Verify(algorithm, "message", "x").error().Is(Errc::kUnsupported));
        continue;
      }
      const PublicKey verifier = Key(type).Public();
      EXPECT_TRUE(verifier.Verify(algorithm, "message", *signature));
      EXPECT_FALSE(verifier.Verify(algorithm, "massage", *signature));
      for (const SignatureAlgorithm other : kAlgorithms) {
        if (other == algorithm) continue;
        EXPECT_FALSE(verifier.Verify(other, "message", *signature));
      }
      std::string bad = *signature;
      bad[5] ^= 1;
      EXPECT_TRUE(verifier.Verify(algorithm, "message", bad).error().Is(Errc::kBadSignature));
      EXPECT_FALSE(verifier.Verify(algorithm, "message", ""));
      EXPECT_FALSE(verifier.Verify(algorithm, "message", *signature + '\0'));
    }
  }
}

TEST(KeyPair, EcdsaSignaturesHaveFixedWidth) {
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Key(KeyType::kP256).Sign(kEs256, "m")->size(), 64U);
  EXPECT_EQ(Key(KeyType::kP384).Sign(kEs384, "m")->size(), 96U);
  EXPECT_EQ(Key(KeyType::kP521).Sign(kEs512, "m")->size(), 132U);
}

TEST(KeyPair, PemAndPartsRoundTrip) {
  for (const KeyType type : kTypes) {
    const auto reread = PrivateKey::FromPem(Key(type).ToPem().Reveal());
    ASSERT_TRUE(reread);
    EXPECT_EQ(reread->type(), type);
    const auto from_pem = PublicKey::FromPem(Key(type).Public().ToPem());
    const auto from_parts = PublicKey::FromParts(Key(type).Public().Parts());
    ASSERT_TRUE(from_pem && from_parts);
    const SignatureAlgorithm algorithm = type == KeyType::kRsa       ? kRs256
                                         : type == KeyType::kEd25519 ? kEdDsa
                                         : type == KeyType::kP256    ? kEs256
                                         : type == KeyType::kP384    ? kEs384
                                                                     : kEs512;
    const auto signature = reread->Sign(algorithm, "m");
    EXPECT_TRUE(from_pem->Verify(algorithm, "m", *signature));
    EXPECT_TRUE(from_parts->Verify(algorithm, "m", *signature));
  }
}

// RFC 8032 §7.1, TEST 2.
TEST(KeyPair, Ed25519AnswersAreThoseOfRfc8032) {
  PrivateKeyParts parts;
  parts.public_parts.type = KeyType::kEd25519;
  parts.public_parts.x = *DecodeHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  parts.d = Secret(*DecodeHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  const auto key = PrivateKey::FromParts(parts);
  ASSERT_TRUE(key);
  EXPECT_EQ(EncodeHex(*key->Sign(kEdDsa, "\x72")),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  parts.public_parts.x[0] ^= 1;
  EXPECT_FALSE(PrivateKey::FromParts(parts)) << "halves that do not belong together";
}

TEST(KeyPair, PointsOffTheCurveAndOddWidthsAreRefused) {
  PublicKeyParts parts = Key(KeyType::kP256).Public().Parts();
  ASSERT_TRUE(PublicKey::FromParts(parts));
  PublicKeyParts bad = parts;
  bad.y[31] ^= 1;
  EXPECT_TRUE(PublicKey::FromParts(bad).error().Is(Errc::kInvalidKey));
  bad = parts;
  bad.x = '\0' + bad.x;
  EXPECT_FALSE(PublicKey::FromParts(bad));
  bad = parts;
  bad.x.clear();
  EXPECT_FALSE(PublicKey::FromParts(bad));
  bad = parts;
  bad.x = std::string(32, '\0'), bad.y = std::string(32, '\0');
  EXPECT_FALSE(PublicKey::FromParts(bad));
  bad = parts;
  bad.type = KeyType::kP384;
  EXPECT_FALSE(PublicKey::FromParts(bad));
}

TEST(KeyPair, HalvesOfTwoKeysDoNotMakeOne) {
  PrivateKeyParts parts;
  parts.public_parts = Key(KeyType::kP256).Public().Parts();
  parts.d = Secret(std::string(32, '\x01'));
  EXPECT_FALSE(PrivateKey::FromParts(parts));
}

TEST(KeyPair, WeakRsaKeysAreRefused) {
  const PublicKeyParts parts = Key(KeyType::kRsa).Public().Parts();
  PublicKeyParts bad = parts;
  bad.n = bad.n.substr(128);  // 1024 bits
  bad.n[0] = '\x7f';
  EXPECT_FALSE(PublicKey::FromParts(bad));
  for (const std::string& e : {std::string("\x01", 1), std::string("\x02", 1), std::string(), std::string("\0\1\0\1", 4), std::string(9, '\x01')}) {
    bad = parts;
    bad.e = e;
    EXPECT_FALSE(PublicKey::FromParts(bad)) << EncodeHex(e);
  }
  bad = parts;
  bad.n = std::string(2000, '\x7f');
  EXPECT_FALSE(PublicKey::FromParts(bad)) << "larger than 8192 bits: slow on purpose";
}

TEST(KeyPair, WhatIsNoPemIsRefused) {
  for (const char* bad : {"", "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
    EXPECT_FALSE(PrivateKey::FromPem(bad));
    EXPECT_FALSE(PublicKey::FromPem(bad));
  }
  EXPECT_FALSE(PublicKey::FromPem(Key(KeyType::kP256).ToPem().Reveal())) << "a private key where a public one belongs";
}

}  // namespace
}  // namespace sallyport::crypto
