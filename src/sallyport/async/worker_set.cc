// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/worker_set.h"

#include <fmt/format.h>
#include <pthread.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <latch>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "sallyport/async/completion.h"
#include "sallyport/async/poller.h"
#include "sallyport/async/timer_wheel.h"
#include "sallyport/base/log.h"

namespace sallyport::async {
namespace {

thread_local std::size_t current_worker = WorkerSet::kNotAWorker;

struct Worker {
  explicit Worker(std::size_t i) : index(i), context(std::in_place, 1), wheel(context->get_executor()) {
    poller.emplace(context->get_executor());
    guard.emplace(boost::asio::make_work_guard(*context));
  }
  ~Worker() {
    // The context first: the coroutines that die with it hold deadlines of the wheel.
    guard.reset();
    wheel.Stop();
    poller.reset();
    context.reset();
  }

  void Run() {
    pthread_setname_np(pthread_self(), fmt::format("sp-worker-{}", index).c_str());
    current_worker = index;
    wheel.Start();
    poller->Start();
    while (!context->stopped()) {
      try {
        context->run();
      } catch (const std::exception& e) {
        log::Error("a worker caught an exception", {{"worker", index}, {"exception", e.what()}});
      }
    }
    poller->Stop();
    wheel.Stop();
    current_worker = WorkerSet::kNotAWorker;
  }

  void Post(std::function<void()> work) {
    bool wake = false;
    {
      const std::lock_guard lock(mutex);
      wake = mailbox.empty();
      mailbox.push_back(std::move(work));
    }
    if (wake) boost::asio::post(*context, [this] { Drain(); });
  }

  void Drain() {
    std::vector<std::function<void()>> batch;
    {
      const std::lock_guard lock(mutex);
      batch.swap(mailbox);
    }
    for (auto& work : batch) {
      try {
        work();
      } catch (const std::exception& e) {
        log::Error("posted work threw", {{"worker", index}, {"exception", e.what()}});
      }
    }
  }

  void DropPosted() {
    std::vector<std::function<void()>> batch;
    const std::lock_guard lock(mutex);
    batch.swap(mailbox);
  }

  const std::size_t index;
  std::optional<boost::asio::io_context> context;
  TimerWheel wheel;
  std::optional<Poller> poller;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> guard;
  std::mutex mutex;
  std::vector<std::function<void()>> mailbox;
  std::thread thread;
};

}  // namespace

struct WorkerSet::State {
  std::vector<std::unique_ptr<Worker>> workers;
  std::atomic<bool> running = false;
};

WorkerSet::WorkerSet(std::size_t count) : state_(std::make_unique<State>()) {
  for (std::size_t i = 0; i < count; ++i) state_->workers.push_back(std::make_unique<Worker>(i));
}

WorkerSet::~WorkerSet() { Stop(); }

std::size_t WorkerSet::size() const { return state_->workers.size(); }

Executor WorkerSet::executor(std::size_t index) const { return state_->workers.at(index)->context->get_executor(); }

std::size_t WorkerSet::Current() { return current_worker; }

bool WorkerSet::running() const { return state_->running; }

void WorkerSet::Start() {
  state_->running = true;
  for (auto& worker : state_->workers) {
    worker->context->restart();
    worker->thread = std::thread([w = worker.get()] { w->Run(); });
  }
}

void WorkerSet::Stop() {
  for (auto& worker : state_->workers) worker->context->stop();
  for (auto& worker : state_->workers) {
    if (worker->thread.joinable()) worker->thread.join();
  }
  state_->running = false;
  // While every context is alive: a promise among the dropped work wakes a waiter on another worker's context.
  for (auto& worker : state_->workers) worker->DropPosted();
}

void WorkerSet::Post(std::size_t index, std::function<void()> work) { state_->workers.at(index)->Post(std::move(work)); }

Task<void> WorkerSet::OnAll(std::function<void(std::size_t)> work) {
  auto [promise, future] = MakeCompletion<void>(co_await boost::asio::this_coro::executor);
  auto left = std::make_shared<std::atomic<std::size_t>>(size());
  auto shared = std::make_shared<const std::function<void(std::size_t)>>(std::move(work));
  for (std::size_t i = 0; i < size(); ++i) {
    Post(i, [i, left, shared, promise = promise] {
      (*shared)(i);
      if (left->fetch_sub(1) == 1) promise.Set({});
    });
  }
  { auto dropped = std::move(promise); }  // only the posted copies count, so that a stop wakes us
  co_return co_await std::move(future).Wait();
}

void WorkerSet::OnAllBlocking(const std::function<void(std::size_t)>& work) {
  if (!state_->running) {
    // No thread is there to race with: before Start, or after Stop.
    for (std::size_t i = 0; i < size(); ++i) work(i);
    return;
  }
  std::latch done(static_cast<std::ptrdiff_t>(size()));
  for (std::size_t i = 0; i < size(); ++i) {
    Post(i, [i, &work, &done] {
      work(i);
      done.count_down();
    });
  }
  done.wait();
}

}  // namespace sallyport::async
