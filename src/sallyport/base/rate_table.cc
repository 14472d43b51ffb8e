// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/rate_table.h"

#include <algorithm>
#include <bit>

namespace sallyport {

RateRule RateRule::Of(std::uint32_t count, std::chrono::nanoseconds period, std::uint32_t burst) {
  if (count == 0) return {};
  const std::int64_t interval = std::max<std::int64_t>(period.count() / count, 1);
  return {interval, interval * std::max<std::int64_t>(burst, 1)};
}

RateTable::RateTable(std::size_t keys) : groups_(std::bit_ceil(std::max<std::size_t>(keys / 4, 1))) {}

RateTable::Place& RateTable::PlaceOf(std::uint64_t key, std::int64_t now) {
  Group& group = groups_[(key >> 32) & (groups_.size() - 1)];
  for (;;) {
    Place* oldest = nullptr;
    for (Place& place : group.places) {
      if (place.key.load(std::memory_order_relaxed) == key) return place;
      if (oldest == nullptr || place.arrival.load(std::memory_order_relaxed) < oldest->arrival.load(std::memory_order_relaxed)) oldest = &place;
    }
    std::uint64_t former = oldest->key.load(std::memory_order_relaxed);
    if (former == key || oldest->key.compare_exchange_strong(former, key, std::memory_order_relaxed)) {
      oldest->arrival.store(now, std::memory_order_relaxed);
      return *oldest;
    }
  }
}

std::chrono::nanoseconds RateTable::Admit(std::uint64_t key, const RateRule& rule, SteadyTime at) {
  const std::int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count();
  Place& place = PlaceOf(key | 1, now);
  std::int64_t arrival = place.arrival.load(std::memory_order_relaxed);
  for (;;) {
    const std::int64_t wait = arrival - now - (rule.burst_ns - rule.interval_ns);
    if (wait > 0) return std::chrono::nanoseconds(wait);
    const std::int64_t next = std::max(arrival, now) + rule.interval_ns;
    if (place.arrival.compare_exchange_weak(arrival, next, std::memory_order_relaxed)) return {};
  }
}

}  // namespace sallyport
