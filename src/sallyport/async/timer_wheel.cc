// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/timer_wheel.h"

#include <algorithm>
#include <array>

namespace sallyport::async {
namespace {

constexpr std::uint64_t kSlots = 512;  // 51 s; what is due later is visited and moved on

}  // namespace

struct TimerWheel::State {
  State() {
    for (auto& slot : slots) slot.next_ = slot.previous_ = &slot;
  }
  ~State() {
    // Deadlines that outlive the wheel must not reach back into it.
    for (auto& slot : slots) {
      while (slot.next_ != &slot) {
        Deadline* deadline = slot.next_;
        Unlink(*deadline);
        deadline->wheel_ = nullptr;
      }
      slot.next_ = slot.previous_ = nullptr;
    }
  }

  static void Unlink(Deadline& d) {
    if (d.slot_tick_ == 0) return;
    d.previous_->next_ = d.next_;
    d.next_->previous_ = d.previous_;
    d.slot_tick_ = 0;
  }

  void Link(Deadline& d, std::uint64_t tick) {
    Deadline& slot = slots[tick % kSlots];
    d.slot_tick_ = tick;
    d.previous_ = slot.previous_;
    d.next_ = &slot;
    slot.previous_->next_ = &d;
    slot.previous_ = &d;
  }

  void Place(Deadline& d) { Link(d, std::min(d.due_tick_, now + kSlots - 1)); }

  void Tick() {
    ++now;
    // Moved to a list of its own: what expires may arm, remove or destroy any other deadline.
    Deadline pending;
    Deadline& slot = slots[now % kSlots];
    if (slot.next_ == &slot) return;
    pending.next_ = slot.next_;
    pending.previous_ = slot.previous_;
    pending.next_->previous_ = pending.previous_->next_ = &pending;
    slot.next_ = slot.previous_ = &slot;
    while (pending.next_ != &pending) Visit(*pending.next_);
  }

  void Visit(Deadline& d) {
    Unlink(d);
    if (d.due_tick_ == 0) return;
    if (d.due_tick_ > now) return Place(d);
    d.due_tick_ = 0;
    const auto expire = d.on_expiry_;  // a copy: the callback may destroy its deadline
    expire();
  }

  std::array<Deadline, kSlots> slots;  // sentinels of circular lists
  std::uint64_t now = 1;               // 0 means "disarmed"
  SteadyTime next = std::chrono::steady_clock::now() + kTick;
};

TimerWheel::TimerWheel() : state_(std::make_unique<State>()) {}

TimerWheel::~TimerWheel() = default;

SteadyTime TimerWheel::NextTick() const { return state_->next; }

void TimerWheel::AdvanceTo(SteadyTime now) {
  while (state_->next <= now) {
    state_->next += kTick;
    state_->Tick();
  }
}

void TimerWheel::AdvanceForTest(std::uint64_t ticks) {
  for (; ticks != 0; --ticks) state_->Tick();
}

void Deadline::Register(TimerWheel& wheel, std::function<void()> on_expiry) {
  Remove();
  wheel_ = &wheel;
  on_expiry_ = std::move(on_expiry);
}

void Deadline::Arm(Duration after) {
  if (wheel_ == nullptr) return;
  auto& state = *wheel_->state_;
  const auto ticks = static_cast<std::uint64_t>(std::max<std::int64_t>(0, (after + TimerWheel::kTick - Duration(1)) / TimerWheel::kTick));
  due_tick_ = state.now + ticks + 1;  // the present tick has partly gone
  if (slot_tick_ != 0 && slot_tick_ <= due_tick_) return;
  TimerWheel::State::Unlink(*this);
  state.Place(*this);
}

void Deadline::Disarm() { due_tick_ = 0; }

void Deadline::Remove() {
  if (wheel_ == nullptr) return;
  TimerWheel::State::Unlink(*this);
  due_tick_ = 0;
  wheel_ = nullptr;
}

bool Deadline::armed() const { return due_tick_ != 0; }

}  // namespace sallyport::async
