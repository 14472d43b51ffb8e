// SPDX-License-Identifier: Apache-2.0
// What metrics are counted in: cells that cost a plain increment, summed when somebody scrapes (base/metrics_text.h).
//
// CounterSet and Histogram have one writing thread at a time (relaxed atomics without a locked instruction) and any number of
// readers: each worker owns its own. SharedCounters are for rare events of several threads.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

namespace sallyport {

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
  // Adds this set's values to `totals`.
  void AddTo(std::span<std::uint64_t, kCount> totals) const {
    for (std::size_t i = 0; i < kCount; ++i) totals[i] += cells_[i].load(std::memory_order_relaxed);
  }

 private:
  alignas(64) std::array<std::atomic<std::uint64_t>, kCount> cells_{};
};

template <class E, std::size_t kCount>
class SharedCounters {
 public:
  void Add(E which, std::uint64_t by = 1) { cells_[static_cast<std::size_t>(which)].fetch_add(by, std::memory_order_relaxed); }
  std::uint64_t Get(E which) const { return cells_[static_cast<std::size_t>(which)].load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<std::uint64_t>, kCount> cells_{};
};

// Upper bounds of the latency buckets in microseconds: one set for everything, so that figures can be compared.
inline constexpr std::array<std::uint32_t, 15> kLatencyBounds = {250,     500,     1'000,   2'500,     5'000,     10'000,    25'000,    50'000,
                                                                 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};

struct LatencyTotals {
  std::array<std::uint64_t, kLatencyBounds.size() + 1> buckets{};   // not cumulative; the last one is beyond every bound
  std::uint64_t sum_micros = 0;
};

class Histogram {
 public:
  void Observe(std::uint64_t micros) {
    std::size_t bucket = 0;
    while (bucket < kLatencyBounds.size() && micros > kLatencyBounds[bucket]) ++bucket;
    Raise(buckets_[bucket], 1);
    Raise(sum_micros_, micros);
  }
  void AddTo(LatencyTotals& totals) const {
    for (std::size_t i = 0; i < buckets_.size(); ++i) totals.buckets[i] += buckets_[i].load(std::memory_order_relaxed);
    totals.sum_micros += sum_micros_.load(std::memory_order_relaxed);
  }

 private:
  static void Raise(std::atomic<std::uint64_t>& cell, std::uint64_t by) {
    cell.store(cell.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  std::array<std::atomic<std::uint64_t>, kLatencyBounds.size() + 1> buckets_{};
  std::atomic<std::uint64_t> sum_micros_ = 0;
};

}  // namespace sallyport
