// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/completion.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <thread>

#include "sallyport/async/spawn.h"

namespace sallyport::async {
namespace {

using Value = std::unique_ptr<std::string>;

boost::asio::awaitable<void> Store(Future<Value> future, Result<Value>& out) { out = co_await std::move(future).Wait(); }

TEST(Completion, ValueFromAnotherThreadResumesTheWaiterOnItsExecutor) {
  for (int round = 0; round < 200; ++round) {
    boost::asio::io_context context(1);
    auto [promise, future] = MakeCompletion<Value>(context.get_executor());
    Result<Value> out;
    Spawn(context.get_executor(), Store(std::move(future), out), "test");
    std::thread setter([promise = std::move(promise)] { promise.Set(std::make_unique<std::string>("hello")); });
    context.run();
    setter.join();
    ASSERT_TRUE(out);
    EXPECT_EQ(**out, "hello");
  }
}

TEST(Completion, ValueThatIsThereIsHandedOutWithoutSuspending) {
  boost::asio::io_context context(1);
  auto [promise, future] = MakeCompletion<Value>(context.get_executor());
  promise.Set(std::make_unique<std::string>("early"));
  EXPECT_TRUE(future.ready());
  Result<Value> out;
  Spawn(context.get_executor(), Store(std::move(future), out), "test");
  EXPECT_LE(context.poll(), 2U);
  ASSERT_TRUE(out);
  EXPECT_EQ(**out, "early");
}

TEST(Completion, PromiseThatDiesUnsetDeliversStopped) {
  for (int round = 0; round < 200; ++round) {
    boost::asio::io_context context(1);
    auto [promise, future] = MakeCompletion<Value>(context.get_executor());
    Result<Value> out;
    Spawn(context.get_executor(), Store(std::move(future), out), "test");
    std::thread dropper([p = std::move(promise)]() mutable { const auto gone = std::move(p); });
    context.run();
    dropper.join();
    ASSERT_FALSE(out);
    EXPECT_TRUE(out.error().Is(Errc::kStopped));
  }
}

TEST(Completion, OnlyTheFirstSetCounts) {
  boost::asio::io_context context(1);
  auto [promise, future] = MakeCompletion<Value>(context.get_executor());
  promise.Set(std::make_unique<std::string>("first"));
  promise.Set(std::make_unique<std::string>("second"));
  Result<Value> out;
  Spawn(context.get_executor(), Store(std::move(future), out), "test");
  context.run();
  EXPECT_EQ(**out, "first");
}

struct Canary {
  bool& gone;
  ~Canary() { gone = true; }
};

boost::asio::awaitable<void> StoreWith(Future<Value> future, std::unique_ptr<Canary> canary) {
  (void)co_await std::move(future).Wait();
  canary.reset();
}

TEST(Completion, ValueForACoroutineThatWasDestroyedIsDropped) {
  bool gone = false;
  {
    boost::asio::io_context context(1);
    auto [promise, future] = MakeCompletion<Value>(context.get_executor());
    Spawn(context.get_executor(), StoreWith(std::move(future), std::unique_ptr<Canary>(new Canary{gone})), "test");
    context.poll();
    std::thread setter([p = std::move(promise)] { p.Set(std::make_unique<std::string>("late")); });
    setter.join();
    EXPECT_FALSE(gone);
  }  // the context dies with the resumption still queued
  EXPECT_TRUE(gone);
}

}  // namespace
}  // namespace sallyport::async
