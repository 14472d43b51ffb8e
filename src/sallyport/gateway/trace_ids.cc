// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/trace_ids.h"

#include <bit>
#include <cstring>

namespace sallyport::gateway {
namespace {

// Eight hexadecimal digits at once, one a byte: spread the nibbles, then add what lies between '9' and 'a' where it is due.
std::uint64_t EightDigits(std::uint32_t bits) {
  constexpr std::uint64_t kOnes = ~std::uint64_t{0} / 255;
  std::uint64_t nibbles = bits;
  nibbles = (nibbles | nibbles << 16) & 0x0000ffff0000ffffULL;
  nibbles = (nibbles | nibbles << 8) & 0x00ff00ff00ff00ffULL;
  nibbles = (nibbles | nibbles << 4) & 0x0f0f0f0f0f0f0f0fULL;
  const std::uint64_t letters = (nibbles + kOnes * 6) >> 4 & kOnes;
  return nibbles + kOnes * '0' + letters * ('a' - '9' - 1);
}

}  // namespace

TraceIds::TraceIds(Random& seed) {
  seed.Fill({reinterpret_cast<std::uint8_t*>(state_.data()), sizeof state_});
  state_[0] |= 1;   // xoshiro must not start at zero
}

std::uint64_t TraceIds::Next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

void TraceIds::Fill(std::span<char> hex) {
  for (std::size_t i = 0; i + 16 <= hex.size(); i += 16) {
    const std::uint64_t bits = Next() | 1;
    const std::uint64_t halves[2] = {EightDigits(static_cast<std::uint32_t>(bits)), EightDigits(static_cast<std::uint32_t>(bits >> 32))};
    std::memcpy(&hex[i], halves, 16);
  }
}

bool TraceIds::Chance(int percent) { return static_cast<int>(Next() % 100) < percent; }

void TraceIds::BeginTrace(std::array<char, 55>& out) {
  std::memcpy(out.data(), "00-", 3);
  Fill({out.data() + 3, 32});
  out[35] = '-';
  Fill({out.data() + 36, 16});
  std::memcpy(out.data() + 52, "-00", 3);
}

}  // namespace sallyport::gateway
