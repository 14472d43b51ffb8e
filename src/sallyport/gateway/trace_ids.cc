// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/trace_ids.h"

#include <bit>
#include <cstring>

namespace sallyport::gateway {

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
  // Two digits a step.
  static constexpr auto kPairs = [] {
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {"0123456789abcdef"[i >> 4], "0123456789abcdef"[i & 15]};
    return pairs;
  }();
  for (std::size_t i = 0; i < hex.size(); i += 16) {
    std::uint64_t bits = Next() | 1;
    for (std::size_t j = i; j + 1 < hex.size() && j < i + 16; j += 2, bits >>= 8) std::memcpy(&hex[j], kPairs[bits & 255].data(), 2);
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
