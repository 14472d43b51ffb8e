// SPDX-License-Identifier: Apache-2.0
// Secrets at rest and in cookies: AES-256-GCM with a random nonce and several keys, of which the first seals and every one
// opens.
//
// Format: version (1 byte, 0x01) | key id (4) | nonce (12) | ciphertext | tag (16). The key id is no secret (a hash of the
// key under its own label). `associated_data` is what the box belongs to (table, column, row; cookie's purpose): a box
// moved elsewhere does not open. Random nonces: at most 2^32 boxes under one key.
// Thread-safe if `random` is. `random` must outlive the box.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/random.h"
#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"
#include "sallyport/crypto/aead.h"

namespace sallyport::crypto {

class SealedBox {
 public:
  static constexpr std::size_t kOverhead = 1 + 4 + AesGcm::kNonceBytes + AesGcm::kTagBytes;

  // `keys`: one or more of 32 bytes each; else kInvalidKey.
  static Result<SealedBox> Create(std::span<const Secret> keys, Random& random);

  std::string Seal(std::string_view plaintext, std::string_view associated_data) const;
  // kAuthenticationFailed for everything that does not open.
  Result<std::string> Open(std::string_view box, std::string_view associated_data) const;
  // Sealed with a key that is not the first any more: seal anew when there is an occasion.
  bool NeedsReseal(std::string_view box) const;

 private:
  struct Key {
    std::array<char, 4> id;
    AesGcm cipher;
  };
  SealedBox(std::vector<Key> keys, Random& random) : keys_(std::move(keys)), random_(&random) {}
  std::vector<Key> keys_;
  Random* random_;
};

}  // namespace sallyport::crypto
