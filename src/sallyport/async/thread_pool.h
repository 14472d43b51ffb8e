// SPDX-License-Identifier: Apache-2.0
// A few threads with a bounded queue, for work that must not run on a worker: SQLite reads, password hashing.
// An exception that `work` throws is logged, and its caller gets kStopped.
//
// Run() resumes on the calling coroutine's executor. When the queue is full it fails at once with kQueueFull; after
// Stop(), which waits for what was accepted, with kStopped. Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "sallyport/async/completion.h"
#include "sallyport/async/spawn.h"

namespace sallyport::async {

struct ThreadPoolOptions {
  std::string name = "pool";      // thread name, at most 15 bytes
  std::size_t threads = 1;
  std::size_t max_queued = 1024;
  bool low_priority = false;      // nice +10
};

class ThreadPool {
 public:
  explicit ThreadPool(const ThreadPoolOptions& options);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Runs `work` (callable returning Result<T>) on the pool.
  template <class T>
  Task<T> Run(std::function<Result<T>()> work);
  // False when the queue is full or stopped.
  bool TryPost(std::function<void()> work);
  void Stop();
  std::size_t queued() const;   // accepted and not yet begun
  bool stopped() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

template <class T>
Task<T> ThreadPool::Run(std::function<Result<T>()> work) {
  auto [promise, future] = MakeCompletion<T>(co_await CurrentExecutor());
  if (!TryPost([promise = std::move(promise), work = std::move(work)] { promise.Set(work()); })) {
    co_return Fail(stopped() ? Errc::kStopped : Errc::kQueueFull);
  }
  co_return co_await std::move(future).Wait();
}

}  // namespace sallyport::async
