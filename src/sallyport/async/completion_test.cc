// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/completion.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "sallyport/async/loop.h"
#include "sallyport/async/spawn.h"

namespace sallyport::async {
namespace {

using Value = std::unique_ptr<std::string>;

Coroutine<void> Store(Future<Value> future, Result<Value>& out) { out = co_await std::move(future).Wait(); }

TEST(Completion, ValueFromAnotherThreadResumesTheWaiterOnItsExecutor) {
  for (int round = 0; round < 200; ++round) {
    async::Loop loop;
    auto [promise, future] = MakeCompletion<Value>(loop.executor());
    Result<Value> out;
    Spawn(loop.executor(), Store(std::move(future), out), "test");
    std::thread setter([promise = std::move(promise)] { promise.Set(std::make_unique<std::string>("hello")); });
    loop.RunToEnd();
    setter.join();
    ASSERT_TRUE(out);
    EXPECT_EQ(**out, "hello");
  }
}

TEST(Completion, ValueThatIsThereIsHandedOutWithoutSuspending) {
  async::Loop loop;
  auto [promise, future] = MakeCompletion<Value>(loop.executor());
  promise.Set(std::make_unique<std::string>("early"));
  EXPECT_TRUE(future.ready());
  Result<Value> out;
  Spawn(loop.executor(), Store(std::move(future), out), "test");
  loop.Poll();
  ASSERT_TRUE(out);
  EXPECT_EQ(**out, "early");
}

TEST(Completion, PromiseThatDiesUnsetDeliversStopped) {
  for (int round = 0; round < 200; ++round) {
    async::Loop loop;
    auto [promise, future] = MakeCompletion<Value>(loop.executor());
    Result<Value> out;
    Spawn(loop.executor(), Store(std::move(future), out), "test");
    std::thread dropper([p = std::move(promise)]() mutable { const auto gone = std::move(p); });
    loop.RunToEnd();
    dropper.join();
    ASSERT_FALSE(out);
    EXPECT_TRUE(out.error().Is(Errc::kStopped));
  }
}

TEST(Completion, OnlyTheFirstSetCounts) {
  async::Loop loop;
  auto [promise, future] = MakeCompletion<Value>(loop.executor());
  promise.Set(std::make_unique<std::string>("first"));
  promise.Set(std::make_unique<std::string>("second"));
  Result<Value> out;
  Spawn(loop.executor(), Store(std::move(future), out), "test");
  loop.RunToEnd();
  EXPECT_EQ(**out, "first");
}

struct Canary {
  bool& gone;
  ~Canary() { gone = true; }
};

Coroutine<void> StoreWith(Future<Value> future, std::unique_ptr<Canary> canary) {
  (void)co_await std::move(future).Wait();
  canary.reset();
}

TEST(Completion, ValueForACoroutineThatWasDestroyedIsDropped) {
  bool gone = false;
  {
    async::Loop loop;
    auto [promise, future] = MakeCompletion<Value>(loop.executor());
    Spawn(loop.executor(), StoreWith(std::move(future), std::unique_ptr<Canary>(new Canary{gone})), "test");
    loop.Poll();
    std::thread setter([p = std::move(promise)] { p.Set(std::make_unique<std::string>("late")); });
    setter.join();
    EXPECT_FALSE(gone);
  }  // the loop dies with the resumption still queued
  EXPECT_TRUE(gone);
}

}  // namespace
}  // namespace sallyport::async
