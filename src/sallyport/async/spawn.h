// SPDX-License-Identifier: Apache-2.0
// Starts a detached coroutine. The only place that spawns.
#pragma once

#include <string_view>

#include "sallyport/async/task.h"

namespace sallyport::async {

// Runs `task` on `executor` until it ends. An exception that escapes is logged with `what` as an error; nothing
// propagates. `what` must be a literal.
void Spawn(const Executor& executor, boost::asio::awaitable<void> task, std::string_view what);

// The executor of the calling coroutine.
boost::asio::awaitable<Executor> CurrentExecutor();

}  // namespace sallyport::async
