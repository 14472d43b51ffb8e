// SPDX-License-Identifier: Apache-2.0
// Deadlines for thousands of connections in one wheel a loop: 100 ms ticks, arming is one assignment.
//
// A Deadline belongs to a connection and registers once; Arm(after) only stores a tick number; the wheel visits it when
// that slot comes round and fires only if the stored tick has really passed. Fires at most one tick late, never early.
// Single-threaded: wheel and deadlines live on one worker. The wheel asks nobody for the time; its loop tells it (loop.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "sallyport/base/clock.h"

namespace sallyport::async {

class TimerWheel;

class Deadline {
 public:
  Deadline() = default;
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { Remove(); }

  // `on_expiry` runs on the worker when an armed time passes; the deadline is then disarmed.
  void Register(TimerWheel& wheel, std::function<void()> on_expiry);
  void Arm(Duration after);
  void Disarm();
  void Remove();
  bool armed() const;

 private:
  friend class TimerWheel;
  TimerWheel* wheel_ = nullptr;
  Deadline* next_ = nullptr;
  Deadline* previous_ = nullptr;
  std::uint64_t due_tick_ = 0;    // 0: disarmed
  std::uint64_t slot_tick_ = 0;   // where it is linked; 0: not linked
  std::function<void()> on_expiry_;
};

class TimerWheel {
 public:
  static constexpr Duration kTick{100};

  TimerWheel();
  ~TimerWheel();

  // When the next tick is due.
  SteadyTime NextTick() const;
  // Does what all ticks up to `now` do.
  void AdvanceTo(SteadyTime now);
  // For tests: does what `ticks` ticks do.
  void AdvanceForTest(std::uint64_t ticks);

 private:
  friend class Deadline;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::async
