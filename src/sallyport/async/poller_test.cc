// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/poller.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <optional>
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
  void OnPollerGone() override { gone = true; }

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

class PollerTest : public ::testing::Test {
 protected:
  PollerTest() {
    poller.emplace(context.get_executor());
    poller->Start();
  }
  ~PollerTest() override { poller.reset(); }

  void Turn() {
    context.restart();
    for (int i = 0; i < 20; ++i) context.poll();
  }

  boost::asio::io_context context{1};
  std::optional<Poller> poller;
};

TEST_F(PollerTest, IsTheThreadsOwnUntilItStops) {
  EXPECT_EQ(Poller::Current(), &*poller);
  poller->Stop();
  EXPECT_EQ(Poller::Current(), nullptr);
}

TEST_F(PollerTest, TellsOfDataOnceAndAgainWhenMoreComes) {
  Pair pair;
  Target target;
  ASSERT_TRUE(poller->Add(pair.fds[0], target));
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
  poller->Remove(pair.fds[0], target);
}

TEST_F(PollerTest, TellsOfAHangUp) {
  Pair pair;
  Target target;
  ASSERT_TRUE(poller->Add(pair.fds[0], target));
  ::close(std::exchange(pair.fds[1], -1));
  Turn();
  EXPECT_TRUE(target.seen & (EPOLLHUP | EPOLLRDHUP));
  poller->Remove(pair.fds[0], target);
}

TEST_F(PollerTest, ATargetRemovedByAnotherIsNotToldOfTheSameBatch) {
  Pair one, two;
  Target first, second;
  ASSERT_TRUE(poller->Add(one.fds[0], first));
  ASSERT_TRUE(poller->Add(two.fds[0], second));
  Turn();
  first.times = second.times = 0;
  // Whichever comes first takes the other away.
  first.on_ready = [&] { poller->Remove(two.fds[0], second); };
  second.on_ready = [&] { poller->Remove(one.fds[0], first); };
  one.Send();
  two.Send();
  Turn();
  EXPECT_EQ(first.times + second.times, 1);
  if (first.times == 1) poller->Remove(one.fds[0], first);
  else poller->Remove(two.fds[0], second);
}

TEST_F(PollerTest, DeferredWorkRunsLaterAndKeepsItsTargetAlive) {
  auto target = std::make_shared<Target>();
  const std::weak_ptr<Target> weak = target;
  poller->Defer(target);
  EXPECT_EQ(target->deferred, 0);
  target.reset();
  EXPECT_FALSE(weak.expired());
  Turn();
  EXPECT_TRUE(weak.expired());
}

TEST_F(PollerTest, WorkDeferredFromWithinATurnRunsInIt) {
  Pair pair;
  auto target = std::make_shared<Target>();
  ASSERT_TRUE(poller->Add(pair.fds[0], *target));
  target->on_ready = [&] { poller->Defer(target); };
  pair.Send();
  Turn();
  EXPECT_GE(target->deferred, 1);
  poller->Remove(pair.fds[0], *target);
  target->on_ready = nullptr;
}

TEST_F(PollerTest, LatenessIsTheWaitOfThoseWhoDidNotFitIntoABatch) {
  constexpr int kMany = 300;   // three batches
  std::vector<Pair> pairs(kMany);
  std::vector<Target> targets(kMany);
  for (int i = 0; i < kMany; ++i) ASSERT_TRUE(poller->Add(pairs[i].fds[0], targets[i]));
  Turn();
  std::vector<std::chrono::nanoseconds> told;
  for (auto& target : targets) {
    target.on_ready = [&] {
      told.push_back(poller->lateness());
      if (told.size() == 1) std::this_thread::sleep_for(std::chrono::milliseconds(30));
    };
  }
  for (const auto& pair : pairs) pair.Send();
  Turn();
  ASSERT_EQ(told.size(), std::size_t{kMany});
  EXPECT_EQ(told.front().count(), 0) << "the first batch has waited for nobody";
  EXPECT_GE(told.back(), std::chrono::milliseconds(30));
  told.clear();
  pairs[0].Send();
  Turn();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told.front().count(), 0) << "nobody waits any more";
  for (int i = 0; i < kMany; ++i) poller->Remove(pairs[i].fds[0], targets[i]);
}

TEST_F(PollerTest, AnExceptionDoesNotMakeItDeaf) {
  Pair pair;
  Target target;
  ASSERT_TRUE(poller->Add(pair.fds[0], target));
  Turn();
  target.on_ready = [] { throw std::runtime_error("a bug"); };
  pair.Send();
  EXPECT_THROW(Turn(), std::runtime_error);
  target.on_ready = nullptr;
  target.times = 0;
  pair.Send();
  Turn();
  EXPECT_EQ(target.times, 1);
  poller->Remove(pair.fds[0], target);
}

TEST_F(PollerTest, WhoIsStillWatchedLearnsThatItEnds) {
  Pair pair;
  Target target;
  ASSERT_TRUE(poller->Add(pair.fds[0], target));
  poller.reset();
  EXPECT_TRUE(target.gone);
}

}  // namespace
}  // namespace sallyport::async
