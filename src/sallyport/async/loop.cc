// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/loop.h"

#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "sallyport/async/coalescing.h"
#include "sallyport/async/inbox.h"
#include "sallyport/base/log.h"

namespace sallyport::async {
namespace {

constexpr int kBatch = 256;

thread_local Loop* current_loop = nullptr;

class CurrentScope {
 public:
  explicit CurrentScope(Loop* loop) : before_(std::exchange(current_loop, loop)) {}
  ~CurrentScope() { current_loop = before_; }
  CurrentScope(const CurrentScope&) = delete;
  CurrentScope& operator=(const CurrentScope&) = delete;

 private:
  Loop* const before_;
};

// A fault in one thing must not keep the loop from the others: their events would not be told again.
template <class F>
void Guarded(F&& run) {
  try {
    run();
  } catch (const std::exception& e) {
    log::Error("a loop caught an exception", {{"exception", e.what()}});
  }
}

}  // namespace

struct Loop::State {
  explicit State(std::shared_ptr<Inbox> shared) : inbox(std::move(shared)), set(::epoll_create1(EPOLL_CLOEXEC)) {
    if (set < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.ptr = nullptr;
    if (::epoll_ctl(set, EPOLL_CTL_ADD, inbox->wake_fd, &event) != 0)
      throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
  ~State() { ::close(set); }

  const std::shared_ptr<Inbox> inbox;
  const int set;
  std::array<epoll_event, kBatch> events;
  int count = 0;   // of `events` that are being told
  int told = 0;    // by the turn before
  Coalescing coalescing;
  std::vector<std::shared_ptr<PollTarget>> deferred, running;
  std::set<std::pair<SteadyTime, Timer*>> timers;
  PollTarget* first = nullptr;
  std::atomic<bool> stop = false;
  bool queueing = false;   // the batch before was full
  SteadyTime queueing_since{};
  std::chrono::nanoseconds lateness{0};

  // A batch that is full leaves others waiting, and the kernel keeps them in their order.
  void Measure() {
    if (count < kBatch && !queueing) {
      lateness = {};
      return;
    }
    const auto now = std::chrono::steady_clock::now();
    if (!queueing) queueing_since = now;
    lateness = now - queueing_since;
    queueing = count == kBatch;
  }
};

Loop::Loop() : executor_(std::make_shared<Inbox>()), state_(std::make_unique<State>(executor_.inbox_)) {}

Loop::~Loop() { Drop(); }

Loop* Loop::Current() { return current_loop; }

void Loop::Run() {
  const CurrentScope scope(this);
  while (!state_->stop.load(std::memory_order_relaxed)) Turn(true);
  state_->stop = false;
}

void Loop::Stop() {
  state_->stop = true;
  state_->inbox->Wake();
}

void Loop::RunTurn() {
  const CurrentScope scope(this);
  Turn(true);
}

void Loop::Poll() {
  const CurrentScope scope(this);
  Turn(false);
}

void Loop::DropPosted() { state_->inbox->Take(); }

void Loop::RunToEnd() {
  const CurrentScope scope(this);
  while (state_->inbox->roots.load(std::memory_order_relaxed) != 0) Turn(true);
}

void Loop::Turn(bool wait) {
  State& s = *state_;
  int timeout = 0;
  if (wait && s.deferred.empty() && !s.inbox->pending.load(std::memory_order_acquire)) {
    SteadyTime next = wheel_.NextTick();
    if (!s.timers.empty()) next = std::min(next, s.timers.begin()->first);
    const SteadyTime now = std::chrono::steady_clock::now();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now);
    timeout = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
    if (s.coalescing.Pays(now, s.told)) {
      constexpr timespec pause{0, std::chrono::nanoseconds(Coalescing::kPause).count()};
      ::clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, nullptr);
    }
  }
  s.count = std::max(::epoll_wait(s.set, s.events.data(), kBatch, timeout), 0);
  s.told = s.count;
  s.Measure();
  for (const Rank rank : {Rank::kFirst, Rank::kLast}) {
    for (int i = 0; i < s.count; ++i) {
      epoll_event& event = s.events[static_cast<std::size_t>(i)];
      auto* const target = static_cast<PollTarget*>(event.data.ptr);
      if (target == nullptr || target->rank_ != rank) continue;
      event.data.ptr = nullptr;   // it may be gone when the next rank is looked at
      target->told_ = s.coalescing.Told(target->told_);
      const std::uint32_t ready = event.events;
      Guarded([&] { target->OnReady(ready); });
    }
  }
  s.count = 0;

  if (!s.deferred.empty()) {
    s.running.swap(s.deferred);
    for (const auto& target : s.running) Guarded([&] { target->OnDeferred(); });
    s.running.clear();
  }
  for (auto& work : s.inbox->Take()) {
    Guarded(work);
    work = nullptr;
  }

  const SteadyTime now = std::chrono::steady_clock::now();
  while (!s.timers.empty() && s.timers.begin()->first <= now) {
    Timer& timer = *s.timers.begin()->second;
    auto then = std::move(timer.then_);
    timer.Cancel();
    Guarded(then);
  }
  Guarded([&] { wheel_.AdvanceTo(now); });
}

bool Loop::Watch(int fd, std::uint32_t events, PollTarget& target) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &target;
  if (::epoll_ctl(state_->set, EPOLL_CTL_ADD, fd, &event) != 0) return false;
  target.previous_ = nullptr;
  target.next_ = state_->first;
  if (state_->first != nullptr) state_->first->previous_ = &target;
  state_->first = &target;
  return true;
}

bool Loop::Rewatch(int fd, std::uint32_t events, PollTarget& target) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &target;
  return ::epoll_ctl(state_->set, EPOLL_CTL_MOD, fd, &event) == 0;
}

void Loop::Unwatch(int fd, PollTarget& target) {
  ::epoll_ctl(state_->set, EPOLL_CTL_DEL, fd, nullptr);
  for (int i = 0; i < state_->count; ++i) {
    epoll_event& event = state_->events[static_cast<std::size_t>(i)];
    if (event.data.ptr == &target) event.data.ptr = nullptr;
  }
  (target.previous_ != nullptr ? target.previous_->next_ : state_->first) = target.next_;
  if (target.next_ != nullptr) target.next_->previous_ = target.previous_;
  target.next_ = target.previous_ = nullptr;
}

std::chrono::nanoseconds Loop::lateness() const { return state_->lateness; }

void Loop::Defer(std::shared_ptr<PollTarget> target) { state_->deferred.push_back(std::move(target)); }

// Whatever is destroyed may hold the last reference to something that watches, waits, defers or posts again.
void Loop::Drop() {
  State& s = *state_;
  for (;;) {
    if (PollTarget* const target = s.first) {
      s.first = target->next_;
      if (target->next_ != nullptr) target->next_->previous_ = nullptr;
      target->next_ = target->previous_ = nullptr;
      target->OnLoopGone();
    } else if (!s.deferred.empty()) {
      for (const auto& one : std::exchange(s.deferred, {})) one->OnLoopGone();
    } else if (!s.timers.empty()) {
      Timer& timer = *s.timers.begin()->second;
      const auto dropped = std::move(timer.then_);
      timer.Cancel();
    } else if (s.inbox->Close().empty()) {
      return;
    }
  }
}

void Timer::Start(Duration after, std::move_only_function<void()> then) {
  Cancel();
  loop_ = Loop::Current();
  due_ = std::chrono::steady_clock::now() + after;
  then_ = std::move(then);
  loop_->state_->timers.emplace(due_, this);
}

void Timer::Cancel() {
  if (Loop* const loop = std::exchange(loop_, nullptr)) loop->state_->timers.erase({due_, this});
  then_ = nullptr;
}

namespace {

struct SleepAwaiter {
  explicit SleepAwaiter(Duration t) : time(t) {}

  Timer timer;
  const Duration time;

  bool await_ready() const noexcept { return false; }
  template <class P>
  void await_suspend(std::coroutine_handle<P> awaiter) {
    timer.Start(time, [waiting = Suspended(awaiter)]() mutable { waiting.Resume(); });
  }
  void await_resume() const noexcept {}
};

}  // namespace

Coroutine<void> Sleep(Duration time) {
  SleepAwaiter awaiter(time);
  co_await awaiter;
}

}  // namespace sallyport::async
