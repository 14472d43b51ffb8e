// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/loop.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace sallyport::async {
namespace {

struct Target final : public PollTarget, public std::enable_shared_from_this<Target> {
  void OnReady(std::uint32_t events) override {
    seen |= events;
    ++times;
    if (on_ready) on_ready();
  }
  void OnDeferred() override { ++deferred; }
  void OnLoopGone() override { gone = true; }

  std::uint32_t seen = 0;
  int times = 0;
  int deferred = 0;
  bool gone = false;
  std::function<void()> on_ready;
};

// A connected pair, one end of which is watched.
struct Pair {
  Pair() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0); }
  ~Pair() {
    for (const int fd : fds)
      if (fd >= 0) ::close(fd);
  }
  void Send() const { EXPECT_EQ(::write(fds[1], "x", 1), 1); }
  int fds[2] = {-1, -1};
};

class LoopTest : public ::testing::Test {
 protected:
  LoopTest() { loop.emplace(); }

  void Turn() {
    for (int i = 0; i < 20; ++i) loop->Poll();
  }
  bool Watch(int fd, PollTarget& target) { return loop->Watch(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, target); }

  std::optional<Loop> loop;
};

TEST_F(LoopTest, IsTheThreadsOwnWhileItRuns) {
  EXPECT_EQ(Loop::Current(), nullptr);
  Loop* seen = nullptr;
  loop->executor().Post([&] { seen = Loop::Current(); });
  EXPECT_FALSE(loop->executor().RunsHere());
  Turn();
  EXPECT_EQ(seen, &*loop);
  EXPECT_EQ(Loop::Current(), nullptr);
}

TEST_F(LoopTest, WorkOfOtherThreadsWakesItAndKeepsItsOrder) {
  std::vector<int> order;
  std::thread runner([&] { loop->Run(); });
  const Executor executor = loop->executor();
  for (int i = 0; i < 1000; ++i) executor.Post([&order, i] { order.push_back(i); });
  executor.Post([&] { loop->Stop(); });
  runner.join();
  ASSERT_EQ(order.size(), 1000U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(LoopTest, WorkThatThrowsDoesNotKeepTheRestFromRunning) {
  bool ran = false;
  loop->executor().Post([] { throw std::runtime_error("a bug"); });
  loop->executor().Post([&] { ran = true; });
  Turn();
  EXPECT_TRUE(ran);
}

TEST_F(LoopTest, WorkForALoopThatHasGoneIsDestroyed) {
  const Executor executor = loop->executor();
  auto canary = std::make_shared<int>(1);
  executor.Post([canary] {});
  loop.reset();
  EXPECT_EQ(canary.use_count(), 1);
  executor.Post([canary] { FAIL(); });
  EXPECT_EQ(canary.use_count(), 1);
}

TEST_F(LoopTest, TimersFireInTheirOrderAndNotEarly) {
  Timer late, early, cancelled;
  std::vector<int> fired;
  const auto begin = std::chrono::steady_clock::now();
  loop->executor().Post([&] {
    late.Start(Duration(30), [&] { fired.push_back(2); });
    early.Start(Duration(10), [&] { fired.push_back(1); cancelled.Cancel(); });
    cancelled.Start(Duration(20), [&] { fired.push_back(3); });
  });
  while (fired.size() < 2) loop->RunTurn();
  EXPECT_EQ(fired, (std::vector{1, 2}));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, Duration(30));
}

TEST_F(LoopTest, ATimerMayOutliveItsLoop) {
  Timer timer;
  auto canary = std::make_shared<int>(1);
  loop->executor().Post([&] { timer.Start(Duration(1000), [canary] {}); });
  Turn();
  loop.reset();
  EXPECT_EQ(canary.use_count(), 1);
  timer.Cancel();
}

TEST_F(LoopTest, TellsOfDataOnceAndAgainWhenMoreComes) {
  Pair pair;
  Target target;
  ASSERT_TRUE(Watch(pair.fds[0], target));
  Turn();
  target.seen = 0;
  target.times = 0;
  pair.Send();
  Turn();
  EXPECT_TRUE(target.seen & EPOLLIN);
  EXPECT_EQ(target.times, 1);   // edge-triggered: nothing new, nothing told
  Turn();
  EXPECT_EQ(target.times, 1);
  pair.Send();
  Turn();
  EXPECT_EQ(target.times, 2);
  loop->Unwatch(pair.fds[0], target);
}

TEST_F(LoopTest, TellsOfAHangUp) {
  Pair pair;
  Target target;
  ASSERT_TRUE(Watch(pair.fds[0], target));
  ::close(std::exchange(pair.fds[1], -1));
  Turn();
  EXPECT_TRUE(target.seen & (EPOLLHUP | EPOLLRDHUP));
  loop->Unwatch(pair.fds[0], target);
}

TEST_F(LoopTest, ATargetRemovedByAnotherIsNotToldOfTheSameBatch) {
  Pair one, two;
  Target first, second;
  ASSERT_TRUE(Watch(one.fds[0], first));
  ASSERT_TRUE(Watch(two.fds[0], second));
  Turn();
  first.times = second.times = 0;
  // Whichever comes first takes the other away.
  first.on_ready = [&] { loop->Unwatch(two.fds[0], second); };
  second.on_ready = [&] { loop->Unwatch(one.fds[0], first); };
  one.Send();
  two.Send();
  Turn();
  EXPECT_EQ(first.times + second.times, 1);
  if (first.times == 1) loop->Unwatch(one.fds[0], first);
  else loop->Unwatch(two.fds[0], second);
}

TEST_F(LoopTest, DeferredWorkRunsLaterAndKeepsItsTargetAlive) {
  auto target = std::make_shared<Target>();
  const std::weak_ptr<Target> weak = target;
  loop->Defer(target);
  EXPECT_EQ(target->deferred, 0);
  target.reset();
  EXPECT_FALSE(weak.expired());
  Turn();
  EXPECT_TRUE(weak.expired());
}

TEST_F(LoopTest, WorkDeferredFromWithinATurnRunsInIt) {
  Pair pair;
  auto target = std::make_shared<Target>();
  ASSERT_TRUE(Watch(pair.fds[0], *target));
  target->on_ready = [&] { loop->Defer(target); };
  pair.Send();
  Turn();
  EXPECT_GE(target->deferred, 1);
  loop->Unwatch(pair.fds[0], *target);
  target->on_ready = nullptr;
}

TEST_F(LoopTest, AnExceptionDoesNotMakeItDeaf) {
  Pair pair;
  Target target;
  ASSERT_TRUE(Watch(pair.fds[0], target));
  Turn();
  target.on_ready = [] { throw std::runtime_error("a bug"); };
  pair.Send();
  Turn();
  target.on_ready = nullptr;
  target.times = 0;
  pair.Send();
  Turn();
  EXPECT_EQ(target.times, 1);
  loop->Unwatch(pair.fds[0], target);
}

TEST_F(LoopTest, WhoIsStillWatchedLearnsThatItEnds) {
  Pair pair;
  Target target;
  ASSERT_TRUE(Watch(pair.fds[0], target));
  loop.reset();
  EXPECT_TRUE(target.gone);
}

}  // namespace
}  // namespace sallyport::async
