// SPDX-License-Identifier: Apache-2.0
// A lazy coroutine of one loop: it begins when it is awaited, gives its awaiter a T (or throws), and runs on the awaiter's
// thread. Destroying one that has not ended destroys it where it waits, and what it awaits with it.
//
// No symmetric transfer: g++ makes it a plain call without optimisation, and a loop over calls that do not wait would use up
// the stack. Here one that ends without having waited returns into its awaiter's frame, and one that ends later calls its
// awaiter; the stack is as deep as the coroutines are nested, however long they run.
#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "sallyport/async/executor.h"
#include "sallyport/async/frame_pool.h"

namespace sallyport::async {

template <class T = void>
class Coroutine;

// The coroutine that was spawned (async/spawn.h), under which others are awaited.
class Root {
 public:
  Root(Executor executor, std::coroutine_handle<> frame);
  ~Root();
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  const Executor& executor() const { return executor_; }
  // With all that it awaits. It must be suspended.
  void Destroy() { frame_.destroy(); }

 private:
  const Executor executor_;
  const std::coroutine_handle<> frame_;
};

struct PromiseBase {
  Root* root = nullptr;
  std::coroutine_handle<> awaiter;
  bool starting = false;   // the awaiter looks for itself whether it has ended already
  std::exception_ptr exception;

  static void* operator new(std::size_t size) { return AllocateFrame(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { FreeFrame(frame, size); }

  struct Final {
    bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> ended) const noexcept {
      const PromiseBase& promise = ended.promise();
      if (!promise.starting) promise.awaiter.resume();   // which destroys `ended`
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  Final final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { exception = std::current_exception(); }
  void Rethrow() const {
    if (exception) std::rethrow_exception(exception);
  }
};

template <class T>
struct CoroutinePromise : PromiseBase {
  Coroutine<T> get_return_object();
  template <class U = T>
  void return_value(U&& value) {
    result.emplace(std::forward<U>(value));
  }
  T Take() {
    Rethrow();
    return std::move(*result);
  }

  std::optional<T> result;
};

template <>
struct CoroutinePromise<void> : PromiseBase {
  inline Coroutine<void> get_return_object();
  void return_void() const noexcept {}
  void Take() const { Rethrow(); }
};

// Move-only; awaited once.
template <class T>
class [[nodiscard]] Coroutine {
 public:
  using promise_type = CoroutinePromise<T>;

  explicit Coroutine(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  Coroutine(Coroutine&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Coroutine& operator=(Coroutine&& other) noexcept {
    if (this != &other) {
      if (frame_) frame_.destroy();
      frame_ = std::exchange(other.frame_, nullptr);
    }
    return *this;
  }
  ~Coroutine() {
    if (frame_) frame_.destroy();
  }

  struct Awaiter {
    std::coroutine_handle<promise_type> frame;

    bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> awaiter) const {
      promise_type& promise = frame.promise();
      promise.root = awaiter.promise().root;
      promise.awaiter = awaiter;
      promise.starting = true;
      frame.resume();
      promise.starting = false;
      return !frame.done();
    }
    T await_resume() const { return frame.promise().Take(); }
  };
  Awaiter operator co_await() && noexcept { return {frame_}; }

 private:
  std::coroutine_handle<promise_type> frame_;
};

template <class T>
Coroutine<T> CoroutinePromise<T>::get_return_object() {
  return Coroutine<T>(std::coroutine_handle<CoroutinePromise<T>>::from_promise(*this));
}
Coroutine<void> CoroutinePromise<void>::get_return_object() {
  return Coroutine<void>(std::coroutine_handle<CoroutinePromise<void>>::from_promise(*this));
}

// A coroutine that waits, held by what it waits for: resumed once, or destroyed with all that awaits it.
class Suspended {
 public:
  Suspended() = default;
  template <class P>
  explicit Suspended(std::coroutine_handle<P> frame) : frame_(frame), root_(frame.promise().root) {}
  Suspended(Suspended&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)), root_(other.root_) {}
  Suspended& operator=(Suspended&& other) noexcept {
    if (this != &other) {
      const Suspended dropped(std::move(*this));
      frame_ = std::exchange(other.frame_, nullptr);
      root_ = other.root_;
    }
    return *this;
  }
  ~Suspended() {
    if (frame_) root_->Destroy();
  }

  explicit operator bool() const { return static_cast<bool>(frame_); }
  const Executor& executor() const { return root_->executor(); }
  // On its loop's thread.
  void Resume() { std::exchange(frame_, nullptr).resume(); }

 private:
  std::coroutine_handle<> frame_;
  Root* root_ = nullptr;
};

}  // namespace sallyport::async

namespace sallyport {
using async::Coroutine;
}
