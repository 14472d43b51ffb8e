// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/spawn.h"

#include "sallyport/base/log.h"

namespace sallyport::async {
namespace {

// Owns itself: the frame goes when it has ended, or by Root::Destroy.
struct Detached {
  struct promise_type {
    promise_type(const Executor& executor, const Coroutine<void>&, std::string_view)
        : origin(executor, std::coroutine_handle<promise_type>::from_promise(*this)) {}
    Detached get_return_object() { return {Suspended(std::coroutine_handle<promise_type>::from_promise(*this))}; }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }   // Run lets none out

    static void* operator new(std::size_t size) { return AllocateFrame(size); }
    static void operator delete(void* frame, std::size_t size) noexcept { FreeFrame(frame, size); }

    Root origin;
    Root* root = &origin;
  };

  Suspended start;
};

Detached Run(Executor, Coroutine<void> task, std::string_view what) {
  try {
    co_await std::move(task);
  } catch (const std::exception& e) {
    log::Error("a coroutine ended by an exception", {{"coroutine", what}, {"exception", e.what()}});
  } catch (...) {
    log::Error("a coroutine ended by an unknown exception", {{"coroutine", what}});
  }
}

}  // namespace

void Spawn(const Executor& executor, Coroutine<void> task, std::string_view what) {
  Suspended start = Run(executor, std::move(task), what).start;
  if (executor.RunsHere()) return start.Resume();
  executor.Post([start = std::move(start)]() mutable { start.Resume(); });
}

}  // namespace sallyport::async
