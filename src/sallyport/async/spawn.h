// SPDX-License-Identifier: Apache-2.0
// Starts a detached coroutine. The only place that does.
#pragma once

#include <string_view>

#include "sallyport/async/task.h"

namespace sallyport::async {

// Runs `task` on `executor`'s loop until it ends: at once when called there, else posted. An exception that escapes is logged
// with `what` as an error; nothing propagates. `what` must be a literal.
void Spawn(const Executor& executor, Coroutine<void> task, std::string_view what);

struct CurrentExecutorAwaiter {
  Executor executor;

  bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> awaiter) {
    executor = awaiter.promise().root->executor();
    return false;
  }
  Executor await_resume() { return std::move(executor); }
};

// co_await CurrentExecutor(): the executor of the calling coroutine.
inline CurrentExecutorAwaiter CurrentExecutor() { return {}; }

}  // namespace sallyport::async
