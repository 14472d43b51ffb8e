// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/coroutine.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "sallyport/async/loop.h"
#include "sallyport/async/spawn.h"

namespace sallyport::async {
namespace {

Coroutine<int> Now(int value) { co_return value; }

Coroutine<int> Later(int value) {
  co_await Sleep(Duration(1));
  co_return value;
}

Coroutine<int> Throws() {
  co_await Sleep(Duration(1));
  throw std::runtime_error("boom");
}

template <class T>
Coroutine<void> StoreTo(T& out, Coroutine<T> task) {
  out = co_await std::move(task);
}

template <class T>
T GiveOf(Coroutine<T> task) {
  Loop loop;
  T out{};
  Spawn(loop.executor(), StoreTo(out, std::move(task)), "test");
  loop.RunToEnd();
  return out;
}

Coroutine<int> Sum(int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) sum += co_await Now(1);
  co_return sum;
}

TEST(Coroutine, ALoopOverCallsThatDoNotWaitUsesNoStack) { EXPECT_EQ(GiveOf(Sum(1'000'000)), 1'000'000); }

Coroutine<int> SumLater(int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) sum += co_await Later(co_await Now(1));
  co_return sum;
}

TEST(Coroutine, ResultsComeThroughSeveralThatWait) { EXPECT_EQ(GiveOf(SumLater(20)), 20); }

Coroutine<std::string> Catches() {
  try {
    co_await Throws();
  } catch (const std::runtime_error& e) {
    co_return e.what();
  }
  co_return "nothing was thrown";
}

TEST(Coroutine, AnExceptionReachesTheAwaiter) { EXPECT_EQ(GiveOf(Catches()), "boom"); }

TEST(Coroutine, BeginsOnlyWhenItIsAwaited) {
  bool ran = false;
  { const auto never = [](bool& flag) -> Coroutine<int> { flag = true; co_return 1; }(ran); }
  EXPECT_FALSE(ran);
}

Coroutine<int> Holds(std::shared_ptr<int> canary, Coroutine<int> inner) {
  const int value = co_await std::move(inner);
  co_return value + *canary;
}

TEST(Coroutine, WhatWaitsWhenItsLoopEndsIsDestroyedToTheRoot) {
  auto canary = std::make_shared<int>(1);
  {
    Loop loop;
    int out = 0;
    Spawn(loop.executor(), StoreTo(out, Holds(canary, Holds(canary, [](std::shared_ptr<int>) -> Coroutine<int> {
      co_await Sleep(Duration(60'000));
      co_return 1;
    }(canary)))), "test");
    loop.Poll();
    EXPECT_EQ(canary.use_count(), 4);
  }
  EXPECT_EQ(canary.use_count(), 1);
}

}  // namespace
}  // namespace sallyport::async
