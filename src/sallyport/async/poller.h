// SPDX-License-Identifier: Apache-2.0
// Readiness of a worker's sockets: one edge-triggered epoll set beside Asio's reactor, without an operation object, a
// lock or a speculative system call for each wait (docs/performance.md says what that gave).
//
// The set is itself one descriptor of the worker's io_context: everything else (timers, posts, listeners, libcurl) stays
// with Asio. Single-threaded: a poller and what it watches live on one worker.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "sallyport/async/task.h"

namespace sallyport::async {

class Poller;

// What a poller watches. It may destroy itself while it is told.
class PollTarget {
 public:
  PollTarget() = default;
  PollTarget(const PollTarget&) = delete;
  PollTarget& operator=(const PollTarget&) = delete;

  // EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR as they changed.
  virtual void OnReady(std::uint32_t events) = 0;
  // What Poller::Defer asked for.
  virtual void OnDeferred() = 0;
  // The worker ends: whoever waits is dropped, not resumed.
  virtual void OnPollerGone() = 0;

 protected:
  virtual ~PollTarget() = default;

 private:
  friend class Poller;
  PollTarget* next_ = nullptr;
  PollTarget* previous_ = nullptr;
};

class Poller {
 public:
  explicit Poller(const Executor& executor);
  // Every target is told (OnPollerGone). Before the executor's context is destroyed, which does not run any more.
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // The calling worker's; null on other threads.
  static Poller* Current();
  // Makes this the thread's Current() and begins; Stop ends that.
  void Start();
  void Stop();

  // Reads, writes and hang-ups, edge-triggered, until Remove. False when the kernel refuses (errno).
  bool Add(int fd, PollTarget& target);
  // Before `fd` is closed. Events of it that are under way are not told any more.
  void Remove(int fd, PollTarget& target);
  // OnDeferred soon, not before the caller has returned to the loop; also after Remove.
  void Defer(std::shared_ptr<PollTarget> target);
  // How long those that are being told may have waited: zero unless so many are ready that they come in several batches, then
  // the time since all that were ready had been told last. Costs a clock's reading a batch, and only then.
  std::chrono::nanoseconds lateness() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::async
