// SPDX-License-Identifier: Apache-2.0
// Asymmetric signature keys: P-256, P-384, P-521 (FIPS 186-4), Ed25519 (RFC 8032), RSA (RFC 8017) of 2048 to 8192 bits.
//
// Imported points are checked to lie on the curve. A key signs and verifies only with algorithms that fit its type.
// Both classes are immutable, cheap to copy (shared) and thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"

struct evp_pkey_st;

namespace sallyport::crypto {

enum class KeyType { kP256, kP384, kP521, kEd25519, kRsa };

// ECDSA signatures are r || s of fixed width (RFC 7518 §3.4), never DER. PS* salts are as long as the digest.
enum class SignatureAlgorithm { kEs256, kEs384, kEs512, kEdDsa, kRs256, kRs384, kRs512, kPs256, kPs384, kPs512 };

bool Fits(KeyType type, SignatureAlgorithm algorithm);

// Big-endian bytes as in a JWK (RFC 7518 §6). EC: x, y of the curve's width. Ed25519: x. RSA: n, e without leading zeros.
struct PublicKeyParts {
  KeyType type = KeyType::kP256;
  std::string x, y;
  std::string n, e;
};

// EC and Ed25519: d. RSA: d, p, q, dp, dq, qi (all required).
struct PrivateKeyParts {
  PublicKeyParts public_parts;
  Secret d;
  Secret p, q, dp, dq, qi;
};

class PublicKey {
 public:
  static Result<PublicKey> FromParts(const PublicKeyParts& parts);
  // SubjectPublicKeyInfo PEM.
  static Result<PublicKey> FromPem(std::string_view pem);

  KeyType type() const { return type_; }
  PublicKeyParts Parts() const;
  std::string ToPem() const;
  // kBadSignature, or kUnsupported when the algorithm does not fit the key.
  Result<void> Verify(SignatureAlgorithm algorithm, std::string_view message, std::string_view signature) const;

 private:
  friend class PrivateKey;
  PublicKey(KeyType type, std::shared_ptr<evp_pkey_st> key) : type_(type), key_(std::move(key)) {}
  KeyType type_;
  std::shared_ptr<evp_pkey_st> key_;
};

class PrivateKey {
 public:
  // RSA keys have 2048 bits. Aborts when the library has no randomness.
  static PrivateKey Generate(KeyType type);
  // PKCS #8 PEM without a passphrase.
  static Result<PrivateKey> FromPem(std::string_view pem);
  static Result<PrivateKey> FromParts(const PrivateKeyParts& parts);

  KeyType type() const { return type_; }
  PublicKey Public() const { return PublicKey(type_, key_); }
  Secret ToPem() const;
  // kUnsupported when the algorithm does not fit the key.
  Result<std::string> Sign(SignatureAlgorithm algorithm, std::string_view message) const;

 private:
  PrivateKey(KeyType type, std::shared_ptr<evp_pkey_st> key) : type_(type), key_(std::move(key)) {}
  KeyType type_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace sallyport::crypto
