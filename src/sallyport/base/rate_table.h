// SPDX-License-Identifier: Apache-2.0
// Rates by 64-bit key for the hot path: no lock, no allocation, one cache line a call (GCRA, a token bucket in one time a key).
//
// A fixed table: a key has one of the four places of its group; when all are taken, the key that is nearest to its whole burst
// gives way and is forgotten. Exact under parallel calls, but for one admission more or less when a key gives way in that very
// moment. Keys must be hashes under a secret seed, so that nobody outside can choose those that collide. Thread-safe.
// identity/rate_limiter.h is for what is rare: it forgets nothing before it must.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

#include "sallyport/base/clock.h"

namespace sallyport {

struct RateRule {
  std::int64_t interval_ns = 0;   // one admission is refilled in so long; 0: no limit
  std::int64_t burst_ns = 0;      // of the whole burst

  // `count` in each `period`, `burst` of them at once.
  static RateRule Of(std::uint32_t count, std::chrono::nanoseconds period, std::uint32_t burst);
  bool limited() const { return interval_ns != 0; }
};

class RateTable {
 public:
  // Room for about so many keys, at least.
  explicit RateTable(std::size_t keys);

  // Zero: admitted and counted. Else nothing is counted and it is how long to wait. The rule must be limited().
  std::chrono::nanoseconds Admit(std::uint64_t key, const RateRule& rule, SteadyTime now);

 private:
  struct Place {
    std::atomic<std::uint64_t> key = 0;      // 0: free
    std::atomic<std::int64_t> arrival = 0;   // theoretical arrival time: when the burst is whole again
  };
  struct alignas(64) Group {
    std::array<Place, 4> places;
  };
  Place& PlaceOf(std::uint64_t key, std::int64_t now);

  std::vector<Group> groups_;   // a power of two
};

}  // namespace sallyport
