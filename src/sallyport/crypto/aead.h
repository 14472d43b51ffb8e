// SPDX-License-Identifier: Apache-2.0
// AES-GCM (NIST SP 800-38D) with a 96-bit nonce and a 128-bit tag. The raw primitive: whoever calls Encrypt answers for the
// nonce never repeating under one key. Prefer SealedBox, which does.
//
// Thread-safe. Cipher contexts are one a thread and reused.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"

namespace sallyport::crypto {

struct AeadOutput {
  std::string ciphertext;  // as long as the plaintext (GCM) or padded to whole blocks (CBC-HMAC)
  std::string tag;
};

class AesGcm {
 public:
  static constexpr std::size_t kNonceBytes = 12;
  static constexpr std::size_t kTagBytes = 16;

  // `key` of 16 or 32 bytes; else kInvalidKey.
  static Result<AesGcm> Create(std::string_view key);
  AesGcm Clone() const { return AesGcm(key_.Clone()); }

  // `nonce` of 12 bytes (anything else aborts: it is a bug of the caller).
  AeadOutput Encrypt(std::string_view nonce, std::string_view plaintext, std::string_view associated_data) const;
  // kAuthenticationFailed for everything that does not open, wrong lengths of nonce or tag included.
  Result<std::string> Decrypt(std::string_view nonce, std::string_view ciphertext, std::string_view tag,
                              std::string_view associated_data) const;

 private:
  explicit AesGcm(Secret key) : key_(std::move(key)) {}
  Secret key_;
};

}  // namespace sallyport::crypto
