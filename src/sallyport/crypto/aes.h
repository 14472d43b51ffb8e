// SPDX-License-Identifier: Apache-2.0
// AES in the modes that we use, for the .cc files of crypto/ only.
#pragma once

#include "sallyport/crypto/openssl_ptr.h"

namespace sallyport::crypto {

enum class AesMode { kCbc, kGcm };

// `key_bytes`: 16 or 32. Lives for ever.
template <AesMode kMode>
const EVP_CIPHER* Aes(std::size_t key_bytes) {
  constexpr bool kIsCbc = kMode == AesMode::kCbc;
  static const EVP_CIPHER* const aes128 = EVP_CIPHER_fetch(nullptr, kIsCbc ? "AES-128-CBC" : "AES-128-GCM", nullptr);
  static const EVP_CIPHER* const aes256 = EVP_CIPHER_fetch(nullptr, kIsCbc ? "AES-256-CBC" : "AES-256-GCM", nullptr);
  const EVP_CIPHER* const found = key_bytes == 16 ? aes128 : aes256;
  Must(found != nullptr, "EVP_CIPHER_fetch");
  return found;
}

// One context a thread, cipher and direction: setting key and nonce in one of the same cipher allocates nothing.
template <AesMode kMode>
EVP_CIPHER_CTX* AesContext(std::size_t key_bytes, bool encrypt) {
  thread_local const CipherContext contexts[4] = {CipherContext{EVP_CIPHER_CTX_new()}, CipherContext{EVP_CIPHER_CTX_new()},
                                                  CipherContext{EVP_CIPHER_CTX_new()}, CipherContext{EVP_CIPHER_CTX_new()}};
  return contexts[(key_bytes == 16 ? 0 : 2) + (encrypt ? 1 : 0)].get();
}

}  // namespace sallyport::crypto
