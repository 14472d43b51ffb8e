// SPDX-License-Identifier: Apache-2.0
// Keys of in-memory tables as 64 bits under a random seed, so that nobody outside can choose keys that collide.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sallyport/base/random.h"

namespace sallyport::identity {

using HashSeed = std::array<std::uint64_t, 2>;

HashSeed MakeHashSeed(Random& random);
std::uint64_t KeyedHash(const HashSeed& seed, std::string_view key);

}  // namespace sallyport::identity
