// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/constant_time.h"

#include <openssl/crypto.h>

namespace sallyport::crypto {

bool Equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace sallyport::crypto
