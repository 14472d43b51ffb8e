// SPDX-License-Identifier: Apache-2.0
// One JSON Web Key (RFC 7517, 7518 §6, 8037): oct, EC (P-256, P-384, P-521), OKP (Ed25519), RSA.
//
// Private parts stay inside: ToPublicJson never writes them, and an oct key has no public form. Immutable, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/json.h"
#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"
#include "sallyport/crypto/key_pair.h"

namespace sallyport::jose {

enum class ThumbprintHash { kSha256, kSha512 };

class Jwk {
 public:
  // kInvalidKey for unknown kty or crv, missing or wrongly typed members, wrong lengths, points off the curve,
  // RSA below 2048 bits; `use` together with contradicting `key_ops`.
  static Result<Jwk> Parse(const json::object& object);
  static Jwk FromSymmetric(Secret key, std::string kid = {}, std::string alg = {});
  static Jwk FromPublic(crypto::PublicKey key, std::string kid = {}, std::string alg = {});
  static Jwk FromPrivate(crypto::PrivateKey key, std::string kid = {}, std::string alg = {});

  Jwk(Jwk&&) = default;
  Jwk& operator=(Jwk&&) = default;
  Jwk Clone() const;

  // Empty when absent.
  const std::string& kid() const { return kid_; }
  const std::string& alg() const { return alg_; }
  const std::string& use() const { return use_; }
  // `operation` is allowed by `use` and `key_ops` (absent members allow everything).
  bool Allows(std::string_view operation) const;

  bool symmetric() const { return !public_key_.has_value(); }
  // Precondition: symmetric().
  std::string_view symmetric_key() const { return symmetric_key_.Reveal(); }
  // nullptr when symmetric.
  const crypto::PublicKey* public_key() const { return public_key_ ? &*public_key_ : nullptr; }
  // nullptr unless the private half is known.
  const crypto::PrivateKey* private_key() const { return private_key_ ? &*private_key_ : nullptr; }

  // The public members with kid, alg and use. Precondition: !symmetric().
  json::object ToPublicJson() const;
  // RFC 7638, base64url. Of an oct key too (that is what next-auth v5 uses as kid).
  std::string Thumbprint(ThumbprintHash hash = ThumbprintHash::kSha256) const;

 private:
  Jwk() = default;
  std::string kid_, alg_, use_;
  std::vector<std::string> key_ops_;
  Secret symmetric_key_;
  std::optional<crypto::PublicKey> public_key_;
  std::optional<crypto::PrivateKey> private_key_;
};

}  // namespace sallyport::jose
