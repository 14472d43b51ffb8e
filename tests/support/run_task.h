// SPDX-License-Identifier: Apache-2.0
// Runs a Task to its end on a loop of its own and gives its result: for tests of interfaces that are coroutines.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "sallyport/async/task.h"

namespace sallyport::test {

template <class T>
boost::asio::awaitable<void> StoreResult(Task<T> task, std::optional<Result<T>>& out) {
  out.emplace(co_await std::move(task));
}

// Loops are kept and used again, never destroyed: the thread that posted a result may still be inside post() when the task
// has already ended here.
class LoopLease {
 public:
  LoopLease() {
    const std::lock_guard lock(Mutex());
    if (Idle().empty()) Idle().push_back(std::make_unique<boost::asio::io_context>(1));
    loop_ = std::move(Idle().back());
    Idle().pop_back();
  }
  ~LoopLease() {
    loop_->restart();
    const std::lock_guard lock(Mutex());
    Idle().push_back(std::move(loop_));
  }
  LoopLease(const LoopLease&) = delete;
  LoopLease& operator=(const LoopLease&) = delete;

  boost::asio::io_context& operator*() { return *loop_; }

 private:
  static std::mutex& Mutex() {
    static auto* const mutex = new std::mutex;
    return *mutex;
  }
  static std::vector<std::unique_ptr<boost::asio::io_context>>& Idle() {
    static auto* const idle = new std::vector<std::unique_ptr<boost::asio::io_context>>;
    return *idle;
  }
  std::unique_ptr<boost::asio::io_context> loop_;
};

template <class T>
Result<T> RunTask(Task<T> task) {
  LoopLease loop;
  std::optional<Result<T>> out;
  std::exception_ptr thrown;
  boost::asio::co_spawn(*loop, StoreResult<T>(std::move(task), out), [&](std::exception_ptr e) { thrown = e; });
  (*loop).run();
  if (thrown) std::rethrow_exception(thrown);
  if (!out) throw std::logic_error("the task did not end");
  return *std::move(out);
}

}  // namespace sallyport::test
