// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/spawn.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>

#include "sallyport/base/log.h"

namespace sallyport::async {
namespace {

boost::asio::awaitable<void> Guarded(boost::asio::awaitable<void> task, std::string_view what) {
  try {
    co_await std::move(task);
  } catch (const std::exception& e) {
    log::Error("a coroutine ended by an exception", {{"coroutine", what}, {"exception", e.what()}});
  } catch (...) {
    log::Error("a coroutine ended by an unknown exception", {{"coroutine", what}});
  }
}

}  // namespace

void Spawn(const Executor& executor, boost::asio::awaitable<void> task, std::string_view what) {
  boost::asio::co_spawn(executor, Guarded(std::move(task), what), boost::asio::detached);
}

boost::asio::awaitable<Executor> CurrentExecutor() { co_return co_await boost::asio::this_coro::executor; }

}  // namespace sallyport::async
