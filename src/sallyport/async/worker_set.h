// SPDX-License-Identifier: Apache-2.0
// The worker threads: one loop per core. What a worker owns is touched by its thread alone;
// other threads reach it only through Post.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "sallyport/async/task.h"

namespace sallyport::async {

class WorkerSet {
 public:
  static constexpr std::size_t kNotAWorker = static_cast<std::size_t>(-1);

  explicit WorkerSet(std::size_t count);
  ~WorkerSet();  // Stop() and join
  WorkerSet(const WorkerSet&) = delete;
  WorkerSet& operator=(const WorkerSet&) = delete;

  std::size_t size() const;
  Executor executor(std::size_t index) const;
  // Index of the worker whose thread calls, or kNotAWorker.
  static std::size_t Current();

  void Start();
  // Between Start and Stop.
  bool running() const;
  // Stops the loops; what was posted and has not run is dropped.
  void Stop();

  // Runs `work` on that worker's thread, later. Order between two posts from one thread is kept.
  void Post(std::size_t index, std::function<void()> work);
  // Runs `work(index)` on every worker and returns (on the calling worker) when all have run it.
  Task<void> OnAll(std::function<void(std::size_t)> work);
  // The same for a thread that is not a worker: blocks. When no worker runs, everything is done by the calling thread.
  void OnAllBlocking(const std::function<void(std::size_t)>& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::async
