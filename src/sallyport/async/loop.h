// SPDX-License-Identifier: Apache-2.0
// One thread's event loop: readiness of descriptors (epoll), timers, deadlines, and work that is posted to it.
//
// Everything but executor(), Stop() and what an Executor does is for the loop's own thread, or for any one thread while the
// loop does not run. Each turn costs one system call, or two, however many descriptors are ready (docs/performance.md).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "sallyport/async/coroutine.h"
#include "sallyport/async/timer_wheel.h"
#include "sallyport/base/clock.h"

namespace sallyport::async {

// Whom a turn tells first. What is told together sends to the same peers one after the other, which wakes each of them once
// instead of many times.
enum class Rank : std::uint8_t { kFirst, kLast };

// What a loop watches. It may destroy itself while it is told.
class PollTarget {
 public:
  explicit PollTarget(Rank rank = Rank::kFirst) : rank_(rank) {}
  PollTarget(const PollTarget&) = delete;
  PollTarget& operator=(const PollTarget&) = delete;

  // EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR. An exception is logged.
  virtual void OnReady(std::uint32_t events) = 0;
  // What Loop::Defer asked for.
  virtual void OnDeferred() {}
  // The loop ends: whoever waits is dropped, not resumed. The loop's pointer is no longer of use.
  virtual void OnLoopGone() = 0;

 protected:
  virtual ~PollTarget() = default;

 private:
  friend class Loop;
  const Rank rank_;
  std::uint32_t told_ = 0;   // Coalescing's
  PollTarget* next_ = nullptr;
  PollTarget* previous_ = nullptr;
};

// Calls a function once, after a time, to the millisecond. For thousands of time-outs there are deadlines (timer_wheel.h).
class Timer {
 public:
  // Of the thread's loop.
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { Cancel(); }

  // Replaces what was started before. On a loop's thread.
  void Start(Duration after, std::move_only_function<void()> then);
  void Cancel();

 private:
  friend class Loop;
  class Loop* loop_ = nullptr;   // null: not started
  SteadyTime due_{};
  std::move_only_function<void()> then_;
};

class Loop {
 public:
  Loop();   // throws when there is no descriptor
  // Drops what waits: targets are told, timers, posted work and the coroutines in them are destroyed.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // The one that runs on the calling thread, or null.
  static Loop* Current();
  const Executor& executor() const { return executor_; }
  TimerWheel& wheel() { return wheel_; }

  // Until Stop, also one from before. An exception that leaves something it runs is logged.
  void Run();
  // Ends one Run. From any thread. What has been posted and has not run stays.
  void Stop();
  // One turn: waits until something happens, at most until the next tick of the wheel. Under the load of a crowd it pauses before
  // that, so that events come together (coalescing.h).
  void RunTurn();
  // What is ready, without waiting.
  void Poll();
  // Destroys what was posted and has not run.
  void DropPosted();
  // Until all that was spawned on it has ended.
  void RunToEnd();

  // `events` as for epoll_ctl(2). Until Unwatch. False when the kernel refuses (errno).
  bool Watch(int fd, std::uint32_t events, PollTarget& target);
  bool Rewatch(int fd, std::uint32_t events, PollTarget& target);
  // Before `fd` is closed. Events of it that are under way are not told any more.
  void Unwatch(int fd, PollTarget& target);
  // OnDeferred soon, not before the caller has returned to the loop; also after Unwatch.
  void Defer(std::shared_ptr<PollTarget> target);
  // How long those that are being told may have waited: zero unless so many are ready that they come in several batches, then
  // the time since all that were ready had been told last. Costs a clock's reading a batch, and only then.
  std::chrono::nanoseconds lateness() const;

 private:
  friend class Executor;
  friend class Timer;
  struct State;

  void Turn(bool wait);
  void Drop();

  Executor executor_;
  TimerWheel wheel_;
  std::unique_ptr<State> state_;
};

// Suspends the calling coroutine.
Coroutine<void> Sleep(Duration time);

}  // namespace sallyport::async
