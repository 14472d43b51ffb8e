// SPDX-License-Identifier: Apache-2.0
// Rates by key: `burst` at once, refilled evenly over `period` (GCRA, a token bucket in one timestamp a key).
//
// Exact under parallel calls: of a burst of N, N are admitted. Keys are kept as keyed 64-bit hashes; at most `max_keys`
// of them, in shards of one mutex each; when a shard is full the key that is nearest to empty is forgotten first.
// Thread-safe. `clock` must outlive it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"

namespace sallyport::identity {

struct Rate {
  int burst = 60;                            // at least 1
  Duration period = std::chrono::minutes(1);  // in which a burst is refilled
};

class RateLimiter {
 public:
  static constexpr std::size_t kShards = 16;

  RateLimiter(Rate rate, std::size_t max_keys, const Clock& clock, Random& random);

  // From now on; keys keep the time at which they have their burst back.
  void SetRate(Rate rate);

  // Zero: admitted and counted. Else nothing is counted and it is how long to wait.
  Duration Admit(std::string_view key);
  // How long Admit would make the key wait; counts nothing.
  Duration Peek(std::string_view key) const;
  // Takes one admission back.
  void Refund(std::string_view key);
  std::size_t size() const;

 private:
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::uint64_t, std::int64_t> arrivals;  // theoretical arrival time, µs of the steady clock
  };
  std::uint64_t HashOf(std::string_view key) const;
  Shard& ShardOf(std::uint64_t hash) const { return shards_[hash % kShards]; }
  std::int64_t NowMicros() const;
  std::int64_t WaitMicros(std::int64_t arrival, std::int64_t now) const;
  void MakeRoom(Shard& shard, std::int64_t now);

  std::atomic<std::int64_t> interval_us_ = 0;
  std::atomic<std::int64_t> period_us_ = 0;
  const std::size_t max_keys_per_shard_;
  const Clock& clock_;
  std::array<std::uint64_t, 2> seed_{};
  mutable std::array<Shard, kShards> shards_;
};

}  // namespace sallyport::identity
