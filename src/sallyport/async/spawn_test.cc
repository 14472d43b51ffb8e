// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/spawn.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <stdexcept>

namespace sallyport::async {
namespace {

boost::asio::awaitable<void> Throws() {
  throw std::runtime_error("boom");
  co_return;
}

boost::asio::awaitable<void> Marks(bool& ran, Executor expected) {
  EXPECT_EQ(co_await CurrentExecutor(), expected);
  ran = true;
}

TEST(Spawn, ExceptionIsContained) {
  boost::asio::io_context context(1);
  bool ran = false;
  Spawn(context.get_executor(), Throws(), "throws");
  Spawn(context.get_executor(), Marks(ran, context.get_executor()), "marks");
  EXPECT_NO_THROW(context.run());
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace sallyport::async
