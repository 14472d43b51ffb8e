// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/system_random.h"

#include <openssl/rand.h>

#include <climits>

#include "sallyport/crypto/openssl_ptr.h"

namespace sallyport::crypto {

void SystemRandom::Fill(std::span<std::uint8_t> out) {
  Must(out.size() <= INT_MAX && RAND_bytes(out.data(), static_cast<int>(out.size())) == 1, "RAND_bytes");
}

}  // namespace sallyport::crypto
