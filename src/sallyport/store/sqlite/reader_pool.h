// SPDX-License-Identifier: Apache-2.0
// Reads, on a few threads with a read-only connection each (idle ones are kept; a failed one is thrown away).
// Thread-safe; resumes on the awaiting worker. kBusy when the queue is full, kUnavailable after Stop.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sallyport/async/thread_pool.h"
#include "sallyport/base/metrics.h"
#include "sallyport/store/sqlite/connection.h"
#include "sallyport/store/sqlite/file_guard.h"

namespace sallyport::store::sqlite {

class ReaderPool {
 public:
  // `guard` must outlive it.
  ReaderPool(std::string path, std::size_t threads, std::size_t max_queued, FileGuard& guard);

  template <class T>
  Task<T> Read(std::function<Result<T>(Connection&)> body);
  void Stop();
  // How long reads took, from being asked for to their answer.
  LatencyTotals latency() const;

 private:
  using Moment = std::chrono::steady_clock::time_point;

  std::unique_ptr<Connection> Take();
  void GiveBack(std::unique_ptr<Connection> connection);
  void Observe(Moment asked);
  // Runs `use` with a connection; what it throws becomes an error.
  Result<void> WithConnection(const std::function<void(Connection&)>& use);

  const std::string path_;
  FileGuard& guard_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
  Histogram latency_;   // written under mutex_
  async::ThreadPool pool_;
};

template <class T>
Task<T> ReaderPool::Read(std::function<Result<T>(Connection&)> body) {
  const auto asked = std::chrono::steady_clock::now();
  std::function<Result<T>()> work = [this, asked, body = std::move(body)]() -> Result<T> {
    Result<T> out = Fail(Errc::kUnavailable);
    auto ran = WithConnection([&](Connection& connection) { out = body(connection); });
    Observe(asked);
    if (!ran) return std::unexpected(std::move(ran).error());
    return out;
  };
  Result<T> out = co_await pool_.Run<T>(std::move(work));
  if (!out && out.error().Is(async::Errc::kQueueFull)) co_return Fail(Errc::kBusy, "the queue of reads is full");
  if (!out && out.error().Is(async::Errc::kStopped)) co_return Fail(Errc::kUnavailable, "the store is closed");
  co_return out;
}

}  // namespace sallyport::store::sqlite
