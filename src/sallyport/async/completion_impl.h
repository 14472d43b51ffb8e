// SPDX-License-Identifier: Apache-2.0
// Implementation of completion.h; include that.
#pragma once

#include <mutex>
#include <optional>

namespace sallyport::async {
namespace detail {

template <class T>
class CompletionState {
 public:
  explicit CompletionState(Executor executor) : executor_(std::move(executor)) {}

  void Deliver(Result<T>&& result) {
    std::unique_lock lock(mutex_);
    if (result_) return;
    result_.emplace(std::move(result));
    auto waiter = std::exchange(waiter_, {});
    lock.unlock();
    if (waiter) Wake(std::move(waiter));
  }

  bool ready() {
    const std::lock_guard lock(mutex_);
    return result_.has_value();
  }

  Result<T> Take() {
    const std::lock_guard lock(mutex_);
    return std::move(*result_);
  }

  void Park(Suspended waiter) {
    {
      const std::lock_guard lock(mutex_);
      if (!result_) {
        waiter_ = std::move(waiter);
        return;
      }
    }
    Wake(std::move(waiter));
  }

 private:
  void Wake(Suspended waiter) {
    executor_.Post([waiter = std::move(waiter)]() mutable { waiter.Resume(); });
  }

  std::mutex mutex_;
  const Executor executor_;
  std::optional<Result<T>> result_;
  Suspended waiter_;
};

template <class T>
struct Parking {
  explicit Parking(CompletionState<T>& s) : state(s) {}
  bool await_ready() const { return state.ready(); }
  template <class P>
  void await_suspend(std::coroutine_handle<P> waiter) {
    state.Park(Suspended(waiter));
  }
  void await_resume() const noexcept {}

  CompletionState<T>& state;
};

// Shared by a promise's copies; the last one to die unset delivers kStopped.
template <class T>
struct PromiseEnd {
  explicit PromiseEnd(std::shared_ptr<CompletionState<T>> s) : state(std::move(s)) {}
  PromiseEnd(const PromiseEnd&) = delete;
  PromiseEnd& operator=(const PromiseEnd&) = delete;
  ~PromiseEnd() { state->Deliver(Fail(Errc::kStopped)); }
  std::shared_ptr<CompletionState<T>> state;
};

}  // namespace detail

// Copyable. Set counts once; later ones are ignored. Thread-safe.
template <class T>
class Promise {
 public:
  void Set(Result<T> result) const {
    if (end_) end_->state->Deliver(std::move(result));
  }

 private:
  template <class U>
  friend std::pair<Promise<U>, Future<U>> MakeCompletion(Executor executor);
  explicit Promise(std::shared_ptr<detail::CompletionState<T>> state)
      : end_(std::make_shared<detail::PromiseEnd<T>>(std::move(state))) {}

  std::shared_ptr<detail::PromiseEnd<T>> end_;
};

// Awaited once, on the executor it was made for.
template <class T>
class Future {
 public:
  Future(Future&&) noexcept = default;
  Future& operator=(Future&&) noexcept = default;

  Task<T> Wait() && { return WaitFor(std::move(state_)); }
  // True when Wait would not suspend.
  bool ready() const { return state_->ready(); }

 private:
  template <class U>
  friend std::pair<Promise<U>, Future<U>> MakeCompletion(Executor executor);
  explicit Future(std::shared_ptr<detail::CompletionState<T>> state) : state_(std::move(state)) {}

  static Task<T> WaitFor(std::shared_ptr<detail::CompletionState<T>> state) {
    detail::Parking<T> parking(*state);
    co_await parking;
    co_return state->Take();
  }

  std::shared_ptr<detail::CompletionState<T>> state_;
};

template <class T>
std::pair<Promise<T>, Future<T>> MakeCompletion(Executor executor) {
  auto state = std::make_shared<detail::CompletionState<T>>(std::move(executor));
  return {Promise<T>(state), Future<T>(state)};
}

}  // namespace sallyport::async
