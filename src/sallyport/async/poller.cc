// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/poller.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <stdexcept>
#include <utility>
#include <vector>

namespace sallyport::async {
namespace {

constexpr int kBatch = 128;
// With so many at once more have come meanwhile: asking again is cheaper than going to sleep through Asio's reactor.
constexpr int kBusyBatch = 4;
constexpr int kMostRounds = 16;   // then Asio's turn: timers, posts, listeners

thread_local Poller* current_poller = nullptr;

}  // namespace

struct Poller::State {
  struct Rearm {
    explicit Rearm(State& s) : state(s) {}
    ~Rearm() {
      state.count = 0;
      state.Arm();
    }
    State& state;
  };

  explicit State(const Executor& e) : executor(e), set(e) {
    const int fd = ::epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0) throw std::runtime_error("epoll_create1 failed");
    set.assign(fd);
  }

  void Arm() {
    if (std::exchange(armed, true)) return;
    set.async_wait(boost::asio::posix::descriptor_base::wait_read, [this](const boost::system::error_code& error) {
      if (error) return;
      armed = false;
      // Also when something threw: without its next wait the worker would be deaf.
      const Rearm rearm(*this);
      Run();
    });
  }

  void Run() {
    for (int round = 0; round < kMostRounds; ++round) {
      count = ::epoll_wait(set.native_handle(), events.data(), kBatch, 0);
      const int got = count;
      Measure();
      for (int i = 0; i < count; ++i) {
        if (auto* target = static_cast<PollTarget*>(events[static_cast<std::size_t>(i)].data.ptr))
          target->OnReady(events[static_cast<std::size_t>(i)].events);
      }
      count = 0;
      RunDeferred();
      if (got < kBusyBatch) break;
    }
  }

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

  void RunDeferred() {
    if (deferred.empty()) return;
    running.swap(deferred);
    for (auto& target : running) target->OnDeferred();
    running.clear();
  }

  const Executor executor;
  boost::asio::posix::stream_descriptor set;
  std::array<epoll_event, kBatch> events;
  int count = 0;   // of `events` that are being told
  bool queueing = false;   // the batch before was full
  std::chrono::steady_clock::time_point queueing_since;
  std::chrono::nanoseconds lateness{0};
  bool armed = false;
  std::vector<std::shared_ptr<PollTarget>> deferred, running;
  PollTarget* first = nullptr;
};

Poller::Poller(const Executor& executor) : state_(std::make_unique<State>(executor)) {}

Poller::~Poller() {
  Stop();
  while (PollTarget* target = state_->first) {
    state_->first = target->next_;
    if (target->next_ != nullptr) target->next_->previous_ = nullptr;
    target->next_ = target->previous_ = nullptr;
    target->OnPollerGone();
  }
  // What was deferred may hold the last reference to a coroutine that defers again.
  while (!state_->deferred.empty()) {
    const auto dropped = std::exchange(state_->deferred, {});
    for (const auto& target : dropped) target->OnPollerGone();
  }
}

Poller* Poller::Current() { return current_poller; }

void Poller::Start() {
  current_poller = this;
  state_->Arm();
}

void Poller::Stop() {
  if (current_poller == this) current_poller = nullptr;
}

bool Poller::Add(int fd, PollTarget& target) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &target;
  if (::epoll_ctl(state_->set.native_handle(), EPOLL_CTL_ADD, fd, &event) != 0) return false;
  target.previous_ = nullptr;
  target.next_ = state_->first;
  if (state_->first != nullptr) state_->first->previous_ = &target;
  state_->first = &target;
  return true;
}

void Poller::Remove(int fd, PollTarget& target) {
  ::epoll_ctl(state_->set.native_handle(), EPOLL_CTL_DEL, fd, nullptr);
  for (int i = 0; i < state_->count; ++i) {
    if (state_->events[static_cast<std::size_t>(i)].data.ptr == &target) state_->events[static_cast<std::size_t>(i)].data.ptr = nullptr;
  }
  (target.previous_ != nullptr ? target.previous_->next_ : state_->first) = target.next_;
  if (target.next_ != nullptr) target.next_->previous_ = target.previous_;
  target.next_ = target.previous_ = nullptr;
}

std::chrono::nanoseconds Poller::lateness() const { return state_->lateness; }

void Poller::Defer(std::shared_ptr<PollTarget> target) {
  state_->deferred.push_back(std::move(target));
  // Within Run they are reached at the end of the round; a handler of Asio's must ask for a turn.
  if (state_->count == 0 && state_->deferred.size() == 1) {
    boost::asio::post(state_->executor, [state = state_.get()] { state->RunDeferred(); });
  }
}

}  // namespace sallyport::async
