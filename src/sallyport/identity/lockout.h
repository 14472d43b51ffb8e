// SPDX-License-Identifier: Apache-2.0
// Temporary lock-outs with growing delay: after `free_failures` tries in a row each further one waits twice as long as the
// one before, up to `max_delay`. A success ends it; so does a long rest.
//
// A try counts as a failure from the moment it is admitted, until Succeeded or Withdraw says otherwise: that makes the limit
// exact under parallel calls. Bounded as RateLimiter is. Thread-safe. `clock` must outlive it.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"

namespace sallyport::identity {

struct LockoutRule {
  int free_failures = 5;
  Duration first_delay = std::chrono::minutes(1);
  Duration max_delay = std::chrono::minutes(15);
};

class Lockout {
 public:
  static constexpr std::size_t kShards = 16;

  Lockout(LockoutRule rule, std::size_t max_keys, const Clock& clock, Random& random);

  // From now on; failures stay counted.
  void SetRule(LockoutRule rule);

  // Zero: admitted. Else how long the lock-out still lasts.
  Duration Admit(std::string_view key);
  void Succeeded(std::string_view key);
  // The try was never made (the queue was full, the store was out).
  void Withdraw(std::string_view key);
  std::size_t size() const;

 private:
  struct Entry {
    int failures = 0;
    Duration locked_until{};   // since the steady clock's epoch
    Duration forget_at{};
  };
  struct Shard {
    mutable std::mutex mutex;
    LockoutRule rule;
    std::unordered_map<std::uint64_t, Entry> entries;
  };
  std::uint64_t HashOf(std::string_view key) const;
  Shard& ShardOf(std::uint64_t hash) { return shards_[hash % kShards]; }
  void MakeRoom(Shard& shard, Duration now);

  const std::size_t max_keys_per_shard_;
  const Clock& clock_;
  std::array<std::uint64_t, 2> seed_{};
  std::array<Shard, kShards> shards_;
};

}  // namespace sallyport::identity
