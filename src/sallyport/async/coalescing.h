// SPDX-License-Identifier: Apache-2.0
// When a loop should sleep a moment before it waits, as network cards put interrupts off until a few have come.
//
// A loop that is a little faster than its peers finds one event a turn and sleeps and wakes between any two; that costs more
// than what the events bring (docs/performance.md). It pays to let some come together, if many peers are active: with few of
// them each waits for the other, and a pause would only be added to every answer.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "sallyport/base/clock.h"

namespace sallyport::async {

class Coalescing {
 public:
  // To ask the kernel for. It wakes a thread up to 50 µs late (prctl(2), PR_SET_TIMERSLACK), so a pause takes twice that at most.
  static constexpr std::chrono::microseconds kPause{50};

  // Somebody is told, who was given `before` when told last (0: never). → what to give next time.
  std::uint32_t Told(std::uint32_t before) {
    ++told_;
    apart_ += std::min(told_ - before, kApartMax) - apart_ / kSmooth;
    return told_;
  }

  // At the start of a wait, after a turn in which `told` were told: whether to pause first.
  bool Pays(SteadyTime now, int told) {
    const bool soon = now - last_ < kSoon;
    const bool pays = soon && told < kFew && apart_ >= kCrowd * kSmooth;
    last_ = pays ? now + 2 * kPause : now;
    return pays;
  }

 private:
  static constexpr std::chrono::microseconds kSoon{60};   // between waits: more than 16,000 turns a second
  static constexpr int kFew = 8;                          // as many in one turn are together already
  // How many are told between two tellings of one. A request tells two, its client and its upstream: 16 requests at a time.
  static constexpr std::uint32_t kCrowd = 32, kApartMax = 64, kSmooth = 16;

  std::uint32_t told_ = 0;
  std::uint32_t apart_ = 0;   // kSmooth times the smoothed distance
  SteadyTime last_{};
};

}  // namespace sallyport::async
