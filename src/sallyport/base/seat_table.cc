// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/seat_table.h"

#include <algorithm>
#include <bit>

namespace sallyport {
namespace {

constexpr std::uint64_t kCountMask = SeatTable::kMost;

std::uint64_t TagOf(std::uint64_t key) { return key & ~kCountMask; }
std::uint64_t CountOf(std::uint64_t word) { return word & kCountMask; }

}  // namespace

SeatTable::SeatTable(std::size_t keys) : groups_(std::bit_ceil(std::max<std::size_t>(keys / 8, 1))) {}

bool SeatTable::Take(std::uint64_t key, std::uint32_t most, Seat& seat) {
  Group& group = groups_[(key & kCountMask) & (groups_.size() - 1)];
  const std::uint64_t tag = TagOf(key);
  const std::uint64_t limit = std::min<std::uint64_t>(most, kMost);
  for (;;) {
    std::atomic<std::uint64_t>* chosen = nullptr;
    std::uint64_t word = 0;
    bool mine = false;
    for (auto& place : group.places) {
      const std::uint64_t seen = place.load(std::memory_order_relaxed);
      mine = CountOf(seen) != 0 && TagOf(seen) == tag;
      if (!mine && (chosen != nullptr || CountOf(seen) != 0)) continue;
      chosen = &place;
      word = seen;
      if (mine) break;
    }
    if (chosen == nullptr) return true;
    if (mine && CountOf(word) >= limit) return false;
    if (limit == 0) return false;
    if (!chosen->compare_exchange_strong(word, (mine ? word : tag) + 1, std::memory_order_relaxed)) continue;
    seat.place_ = chosen;
    return true;
  }
}

}  // namespace sallyport
