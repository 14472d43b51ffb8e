// SPDX-License-Identifier: Apache-2.0
// Compact JWE (RFC 7516) with `alg` "dir" and AEAD only (RFC 7518 §5): A128GCM, A256GCM, A128CBC-HS256, A256CBC-HS512.
//
// Bounded (kMaxJweBytes), no compression (`zip` is refused), no `crit`, no duplicate members. Thread-safe after construction.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sallyport/base/random.h"
#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"
#include "sallyport/crypto/aead.h"
#include "sallyport/crypto/aes_cbc_hmac.h"

namespace sallyport::jose {

enum class JweEncryption { kA128Gcm, kA256Gcm, kA128CbcHs256, kA256CbcHs512 };
std::string_view NameOf(JweEncryption encryption);
std::optional<JweEncryption> JweEncryptionFromName(std::string_view name);
constexpr std::size_t KeyBytes(JweEncryption encryption) {
  return encryption == JweEncryption::kA128Gcm ? 16 : encryption == JweEncryption::kA256CbcHs512 ? 64 : 32;
}

inline constexpr std::size_t kMaxJweBytes = 64 * 1024;

struct JweHeader {
  JweEncryption encryption = JweEncryption::kA256Gcm;
  std::string kid;  // empty when absent
  std::string typ;
  std::string cty;
};

// A content-encryption key used directly, tied to one `enc`. Its protected header ({"alg":"dir","enc":…[,"kid":…]}, in this
// order) is encoded once.
class JweKey {
 public:
  // kInvalidKey unless `key` has KeyBytes(encryption) bytes.
  static Result<JweKey> Create(JweEncryption encryption, std::string_view key, std::string kid = {});

  JweEncryption encryption() const { return encryption_; }
  const std::string& kid() const { return kid_; }
  std::string Seal(std::string_view plaintext, Random& random) const;

 private:
  friend class JweOpener;
  JweKey(JweEncryption encryption, std::string kid, std::variant<crypto::AesGcm, crypto::AesCbcHmac> cipher);
  Result<std::string> Open(std::string_view header_segment, std::string_view iv, std::string_view ciphertext,
                           std::string_view tag) const;

  JweEncryption encryption_;
  std::string kid_;
  std::string header_segment_;
  std::variant<crypto::AesGcm, crypto::AesCbcHmac> cipher_;
};

// Opens with the keys of the token's kid; when the token has no kid or no key has that kid, with every key of its `enc`.
// A key is never used with another `enc` than its own.
class JweOpener {
 public:
  explicit JweOpener(std::vector<JweKey> keys) : keys_(std::move(keys)) {}
  // Errors: kTooLarge, kMalformed, kUnknownCritical, kUnsafeHeader, kAlgorithmNotAllowed, kDecryptionFailed.
  Result<std::string> Open(std::string_view compact) const;

 private:
  std::vector<JweKey> keys_;
};

// The protected header alone, unauthenticated: for `token inspect`.
Result<JweHeader> ParseJweHeader(std::string_view compact);

}  // namespace sallyport::jose
