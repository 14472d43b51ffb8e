// SPDX-License-Identifier: Apache-2.0
// Runs a Task to its end on a loop of its own and gives its result: for tests of interfaces that are coroutines.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "sallyport/async/task.h"

namespace sallyport::test {

template <class T>
boost::asio::awaitable<void> StoreResult(Task<T> task, std::optional<Result<T>>& out) {
  out.emplace(co_await std::move(task));
}

template <class T>
Result<T> RunTask(Task<T> task) {
  boost::asio::io_context context(1);
  std::optional<Result<T>> out;
  std::exception_ptr thrown;
  boost::asio::co_spawn(context, StoreResult<T>(std::move(task), out), [&](std::exception_ptr e) { thrown = e; });
  context.run();
  if (thrown) std::rethrow_exception(thrown);
  if (!out) throw std::logic_error("the task did not end");
  return *std::move(out);
}

}  // namespace sallyport::test
