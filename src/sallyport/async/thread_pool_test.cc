// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>

#include "sallyport/async/loop.h"
#include "sallyport/async/spawn.h"

namespace sallyport::async {
namespace {

Coroutine<void> RunOn(ThreadPool& pool, std::function<Result<int>()> work, Result<int>& out) {
  out = co_await pool.Run<int>(std::move(work));
}

struct ThreadPoolTest : ::testing::Test {
  Loop loop;

  Result<int> RunToEnd(ThreadPool& pool, std::function<Result<int>()> work) {
    Result<int> out;
    Spawn(loop.executor(), RunOn(pool, std::move(work), out), "test");
    loop.RunToEnd();
    return out;
  }
};

TEST_F(ThreadPoolTest, ResultComesBackToTheCaller) {
  ThreadPool pool({.name = "test", .threads = 2});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(*RunToEnd(pool, [i] { return i; }), i);
}

TEST_F(ThreadPoolTest, S56_FullQueueFailsAtOnce) {
  std::latch begun(1);
  std::latch release(1);
  ThreadPool pool({.name = "test", .threads = 1, .max_queued = 1, .low_priority = true});
  ASSERT_TRUE(pool.TryPost([&] { begun.count_down(); release.wait(); }));
  begun.wait();
  ASSERT_TRUE(pool.TryPost([] {}));
  EXPECT_EQ(pool.queued(), 1U);
  EXPECT_TRUE(RunToEnd(pool, [] { return 1; }).error().Is(Errc::kQueueFull));
  release.count_down();
}

TEST_F(ThreadPoolTest, StopWaitsForWhatWasAcceptedAndRefusesTheRest) {
  std::atomic<int> done = 0;
  ThreadPool pool({.name = "test", .threads = 2});
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool.TryPost([&] { ++done; }));
  pool.Stop();
  EXPECT_EQ(done, 50);
  EXPECT_TRUE(RunToEnd(pool, [] { return 1; }).error().Is(Errc::kStopped));
}

TEST_F(ThreadPoolTest, WorkThatThrowsEndsAsStopped) {
  ThreadPool pool({.name = "test"});
  auto out = RunToEnd(pool, []() -> Result<int> { throw std::runtime_error("boom"); });
  EXPECT_TRUE(out.error().Is(Errc::kStopped));
  EXPECT_EQ(*RunToEnd(pool, [] { return 7; }), 7);
}

}  // namespace
}  // namespace sallyport::async
