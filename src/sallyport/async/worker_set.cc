// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/worker_set.h"

#include <fmt/format.h>
#include <pthread.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "sallyport/async/completion.h"
#include "sallyport/async/loop.h"
#include "sallyport/async/spawn.h"

namespace sallyport::async {
namespace {

thread_local std::size_t current_worker = WorkerSet::kNotAWorker;

struct Worker {
  explicit Worker(std::size_t i) : index(i) {}

  void Run() {
    pthread_setname_np(pthread_self(), fmt::format("sp-worker-{}", index).c_str());
    current_worker = index;
    loop.Run();
    current_worker = WorkerSet::kNotAWorker;
  }

  const std::size_t index;
  async::Loop loop;
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

Executor WorkerSet::executor(std::size_t index) const { return state_->workers.at(index)->loop.executor(); }

std::size_t WorkerSet::Current() { return current_worker; }

bool WorkerSet::running() const { return state_->running; }

void WorkerSet::Start() {
  state_->running = true;
  for (auto& worker : state_->workers) worker->thread = std::thread([w = worker.get()] { w->Run(); });
}

void WorkerSet::Stop() {
  for (auto& worker : state_->workers) {
    if (worker->thread.joinable()) worker->loop.Stop();
  }
  for (auto& worker : state_->workers) {
    if (worker->thread.joinable()) worker->thread.join();
  }
  state_->running = false;
  for (auto& worker : state_->workers) worker->loop.DropPosted();
}

void WorkerSet::Post(std::size_t index, std::function<void()> work) { state_->workers.at(index)->loop.executor().Post(std::move(work)); }

Task<void> WorkerSet::OnAll(std::function<void(std::size_t)> work) {
  auto [promise, future] = MakeCompletion<void>(co_await CurrentExecutor());
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
