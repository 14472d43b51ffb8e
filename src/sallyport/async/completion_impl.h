// SPDX-License-Identifier: Apache-2.0
// Implementation of completion.h; include that.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <optional>

namespace sallyport::async {
namespace detail {

// A suspended coroutine, type-erased. Destroying it unresumed destroys the coroutine.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void Resume() = 0;
};

template <class Handler>
class WaiterOf final : public Waiter {
 public:
  explicit WaiterOf(Handler&& handler) : handler_(std::move(handler)) {}
  void Resume() override { std::move(handler_)(); }

 private:
  Handler handler_;
};

template <class T>
class CompletionState {
 public:
  explicit CompletionState(Executor executor) : executor_(std::move(executor)) {}

  void Deliver(Result<T>&& result) {
    std::unique_lock lock(mutex_);
    if (result_) return;
    result_.emplace(std::move(result));
    auto waiter = std::move(waiter_);
    if (!waiter) return;
    auto work = std::move(work_);
    lock.unlock();
    PostWithWork(std::move(waiter), std::move(work));
  }

  bool ready() {
    const std::lock_guard lock(mutex_);
    return result_.has_value();
  }

  Result<T> Take() {
    const std::lock_guard lock(mutex_);
    return std::move(*result_);
  }

  void Park(std::unique_ptr<Waiter> waiter) {
    {
      const std::lock_guard lock(mutex_);
      if (!result_) {
        waiter_ = std::move(waiter);
        work_ = boost::asio::prefer(executor_, boost::asio::execution::outstanding_work.tracked);
        return;
      }
    }
    PostWithWork(std::move(waiter), std::nullopt);
  }

 private:
  // The work count ends on the waiter's own thread, never under the feet of the one that delivers.
  void PostWithWork(std::unique_ptr<Waiter> waiter, std::optional<Executor> work) {
    boost::asio::post(executor_, [waiter = std::move(waiter), work = std::move(work)]() mutable { waiter->Resume(); });
  }

  std::mutex mutex_;
  const Executor executor_;
  std::optional<Result<T>> result_;
  std::unique_ptr<Waiter> waiter_;
  std::optional<Executor> work_;  // keeps run() from returning while a coroutine waits
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
    if (!state->ready()) {
      auto park = [](auto handler, detail::CompletionState<T>* s) {
        s->Park(std::make_unique<detail::WaiterOf<decltype(handler)>>(std::move(handler)));
      };
      co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(park, boost::asio::use_awaitable,
                                                                                         state.get());
    }
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
