// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/thread_pool.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "sallyport/base/log.h"

namespace sallyport::async {

struct ThreadPool::State {
  explicit State(const ThreadPoolOptions& o) : options(o) {}

  const ThreadPoolOptions options;
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> queue;
  bool stopped = false;
  std::vector<std::thread> threads;

  void Loop() {
    pthread_setname_np(pthread_self(), options.name.substr(0, 15).c_str());
    // On Linux a thread has a nice value of its own.
    if (options.low_priority && setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10) != 0) {
      log::Warn("a pool could not lower its priority", {{"pool", options.name}});
    }
    while (auto work = Next()) RunOne(work);
  }

  // Empty when the pool has stopped and nothing is left.
  std::function<void()> Next() {
    std::unique_lock lock(mutex);
    wake.wait(lock, [this] { return stopped || !queue.empty(); });
    if (queue.empty()) return nullptr;
    auto work = std::move(queue.front());
    queue.pop_front();
    return work;
  }

  void RunOne(const std::function<void()>& work) const {
    try {
      work();
    } catch (const std::exception& e) {
      log::Error("pool work threw", {{"pool", options.name}, {"exception", e.what()}});
    }
  }
};

ThreadPool::ThreadPool(const ThreadPoolOptions& options) : state_(std::make_unique<State>(options)) {
  for (std::size_t i = 0; i < options.threads; ++i) state_->threads.emplace_back([s = state_.get()] { s->Loop(); });
}

ThreadPool::~ThreadPool() { Stop(); }

bool ThreadPool::TryPost(std::function<void()> work) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopped || state_->queue.size() >= state_->options.max_queued) return false;
    state_->queue.push_back(std::move(work));
  }
  state_->wake.notify_one();
  return true;
}

void ThreadPool::Stop() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
    threads.swap(state_->threads);
  }
  state_->wake.notify_all();
  for (auto& thread : threads) thread.join();
}

std::size_t ThreadPool::queued() const {
  const std::lock_guard lock(state_->mutex);
  return state_->queue.size();
}

bool ThreadPool::stopped() const {
  const std::lock_guard lock(state_->mutex);
  return state_->stopped;
}

}  // namespace sallyport::async
