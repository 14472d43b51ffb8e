// SPDX-License-Identifier: Apache-2.0
// Keeps trouble that comes in floods from filling the log: one line an interval, which says how often it happened.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "sallyport/base/clock.h"

namespace sallyport::log {

// Thread-safe.
class Pace {
 public:
  static constexpr Duration kInterval{10'000};

  // How often it has happened since the line before, this time included; 0: no line now.
  std::uint64_t Count(SteadyTime now) {
    const std::int64_t at = std::chrono::duration_cast<Duration>(now.time_since_epoch()).count();
    held_back_.fetch_add(1, std::memory_order_relaxed);
    std::int64_t due = due_.load(std::memory_order_relaxed);
    if (at < due || !due_.compare_exchange_strong(due, at + kInterval.count(), std::memory_order_relaxed)) return 0;
    return held_back_.exchange(0, std::memory_order_relaxed);
  }

 private:
  std::atomic<std::int64_t> due_ = INT64_MIN;   // ms of the steady clock
  std::atomic<std::uint64_t> held_back_ = 0;
};

}  // namespace sallyport::log
