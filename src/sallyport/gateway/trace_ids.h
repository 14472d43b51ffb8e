// SPDX-License-Identifier: Apache-2.0
// Request and trace ids: not secrets, so they come from a per-worker generator seeded once from the CSPRNG (xoshiro256**).
// Single-threaded.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "sallyport/base/random.h"

namespace sallyport::gateway {

class TraceIds {
 public:
  explicit TraceIds(Random& seed);
  // Lower-case hex digits, a multiple of sixteen, never all zero.
  void Fill(std::span<char> hex);
  // True in `percent` of a hundred calls.
  bool Chance(int percent);
  // A W3C traceparent that begins a trace (version 00, not sampled).
  void BeginTrace(std::array<char, 55>& out);

 private:
  std::uint64_t Next();
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace sallyport::gateway
