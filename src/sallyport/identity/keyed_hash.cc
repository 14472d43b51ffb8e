// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/keyed_hash.h"

#include <bit>
#include <cstring>

#include "sallyport/crypto/digest.h"

namespace sallyport::identity {

HashSeed MakeHashSeed(Random& random) {
  std::array<std::uint8_t, sizeof(HashSeed)> bytes{};
  random.Fill(bytes);
  return std::bit_cast<HashSeed>(bytes);
}

std::uint64_t KeyedHash(const HashSeed& seed, std::string_view key) {
  const std::string_view seed_bytes(reinterpret_cast<const char*>(seed.data()), sizeof(seed));
  const crypto::Sha256Digest digest = crypto::Sha256({seed_bytes, key});
  std::uint64_t out = 0;
  std::memcpy(&out, digest.data(), sizeof(out));
  return out;
}

}  // namespace sallyport::identity
