// SPDX-License-Identifier: Apache-2.0
// The SHA-2 implementations, each fetched once (a fetch costs more than a digest). For the .cc files of crypto/ only.
#pragma once

#include "sallyport/crypto/openssl_ptr.h"

namespace sallyport::crypto {

// `bytes`: 32, 48 or 64. Lives for ever.
inline const EVP_MD* Sha2(std::size_t bytes) {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  static const EVP_MD* const sha384 = EVP_MD_fetch(nullptr, "SHA2-384", nullptr);
  static const EVP_MD* const sha512 = EVP_MD_fetch(nullptr, "SHA2-512", nullptr);
  const EVP_MD* const found = bytes == 32 ? sha256 : bytes == 48 ? sha384 : sha512;
  Must(found != nullptr, "EVP_MD_fetch");
  return found;
}

}  // namespace sallyport::crypto
