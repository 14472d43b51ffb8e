// SPDX-License-Identifier: Apache-2.0
// Counters that cost one plain increment: each worker owns a CounterSet, and a scrape sums them.
//
// One thread writes a set (relaxed atomics without a locked instruction); any thread may read it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sallyport {

struct CounterInfo {
  std::string_view name;    // e.g. "sallyport_requests_total"
  std::string_view labels;  // e.g. `code="2xx"`, or empty
  std::string_view help;
};

// `E` is an enumeration 0..kCount-1 of one layer's counters.
template <class E, std::size_t kCount>
class CounterSet {
 public:
  // Owner thread only.
  void Add(E which, std::uint64_t by = 1) {
    auto& cell = cells_[static_cast<std::size_t>(which)];
    cell.store(cell.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  std::uint64_t Get(E which) const { return cells_[static_cast<std::size_t>(which)].load(std::memory_order_relaxed); }
  // Adds this set's values to `totals` (of kCount elements).
  void AddTo(std::span<std::uint64_t, kCount> totals) const {
    for (std::size_t i = 0; i < kCount; ++i) totals[i] += cells_[i].load(std::memory_order_relaxed);
  }

 private:
  alignas(64) std::array<std::atomic<std::uint64_t>, kCount> cells_{};
};

// Prometheus text format; rows of one name must stand together. Help text and type are written once a name.
void AppendPrometheus(std::string& out, std::span<const CounterInfo> infos, std::span<const std::uint64_t> totals,
                      std::string_view type = "counter");

}  // namespace sallyport
