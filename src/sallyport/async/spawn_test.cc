// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/spawn.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "sallyport/async/loop.h"

namespace sallyport::async {
namespace {

Coroutine<void> Throws() {
  throw std::runtime_error("boom");
  co_return;
}

Coroutine<void> Marks(bool& ran, Executor expected) {
  EXPECT_EQ(co_await CurrentExecutor(), expected);
  ran = true;
}

TEST(Spawn, ExceptionIsContained) {
  async::Loop loop;
  bool ran = false;
  Spawn(loop.executor(), Throws(), "throws");
  Spawn(loop.executor(), Marks(ran, loop.executor()), "marks");
  EXPECT_NO_THROW(loop.RunToEnd());
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace sallyport::async
