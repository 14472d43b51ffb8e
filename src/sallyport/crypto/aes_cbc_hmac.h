// SPDX-License-Identifier: Apache-2.0
// AES_CBC_HMAC_SHA2 (RFC 7518 §5.2): A256CBC-HS512 with a 64-byte key, A128CBC-HS256 with a 32-byte key.
//
// The MAC is checked before anything is decrypted, so that padding is never an oracle. Thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "sallyport/crypto/aead.h"
#include "sallyport/crypto/hmac.h"

namespace sallyport::crypto {

class AesCbcHmac {
 public:
  static constexpr std::size_t kIvBytes = 16;

  // `key` of 32 (A128CBC-HS256) or 64 bytes (A256CBC-HS512): MAC half first; else kInvalidKey.
  static Result<AesCbcHmac> Create(std::string_view key);
  AesCbcHmac Clone() const;

  // `iv` of 16 unpredictable bytes (another length aborts). The tag has half the key's length.
  AeadOutput Encrypt(std::string_view iv, std::string_view plaintext, std::string_view associated_data) const;
  // kAuthenticationFailed for everything that does not open.
  Result<std::string> Decrypt(std::string_view iv, std::string_view ciphertext, std::string_view tag,
                              std::string_view associated_data) const;

 private:
  AesCbcHmac() = default;
  std::string MacOf(std::string_view iv, std::string_view ciphertext, std::string_view associated_data) const;

  Secret cipher_key_;
  std::optional<HmacSha256> mac256_;  // exactly one of the two
  std::optional<HmacSha512> mac512_;
};

}  // namespace sallyport::crypto
