// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/worker_set.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <vector>

#include "sallyport/async/completion.h"
#include "sallyport/async/spawn.h"
#include "sallyport/async/loop.h"

namespace sallyport::async {
namespace {

TEST(WorkerSet, PostRunsOnThatWorkerInOrder) {
  WorkerSet workers(2);
  workers.Start();
  std::vector<int> seen;  // touched by worker 1 alone
  std::latch done(1000);
  for (int i = 0; i < 1000; ++i) {
    workers.Post(1, [&, i] {
      EXPECT_EQ(WorkerSet::Current(), 1U);
      EXPECT_NE(Loop::Current(), nullptr);
      seen.push_back(i);
      done.count_down();
    });
  }
  done.wait();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(WorkerSet::Current(), WorkerSet::kNotAWorker);
}

Coroutine<void> AskAll(WorkerSet& workers, std::atomic<int>& ran, std::latch& done) {
  const std::size_t home = WorkerSet::Current();
  const auto result = co_await workers.OnAll([&ran](std::size_t) { ++ran; });
  EXPECT_TRUE(result);
  EXPECT_EQ(ran, 3);
  EXPECT_EQ(WorkerSet::Current(), home);
  done.count_down();
}

TEST(WorkerSet, OnAllReturnsWhenEveryWorkerHasRunIt) {
  WorkerSet workers(3);
  workers.Start();
  std::atomic<int> ran = 0;
  std::latch done(1);
  Spawn(workers.executor(2), AskAll(workers, ran, done), "test");
  done.wait();
  workers.OnAllBlocking([&](std::size_t) { ++ran; });
  EXPECT_EQ(ran, 6);
}

Coroutine<void> WaitForever(Future<int> future) { (void)co_await std::move(future).Wait(); }

TEST(WorkerSet, StopDropsWhatWasPostedAndWhatWaits) {
  for (int round = 0; round < 20; ++round) {
    WorkerSet workers(2);
    auto [promise, future] = MakeCompletion<int>(workers.executor(0));
    workers.Start();
    Spawn(workers.executor(0), WaitForever(std::move(future)), "test");
    workers.OnAllBlocking([](std::size_t) {});
    workers.Stop();
    workers.Post(1, [p = std::move(promise)] { p.Set(1); });
    workers.Stop();
  }
}

TEST(WorkerSet, OnAllBlockingRunsInlineWhenNoWorkerRuns) {
  WorkerSet workers(2);
  int ran = 0;
  workers.OnAllBlocking([&](std::size_t) { ++ran; });
  EXPECT_EQ(ran, 2);
}

}  // namespace
}  // namespace sallyport::async
