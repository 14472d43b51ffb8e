// SPDX-License-Identifier: Apache-2.0
// The one thread that writes, with group commit.
//
// Commands queue (bounded); the thread takes up to `max_batch` of them, runs each inside a SAVEPOINT of one
// transaction, commits (fsync), and only then acknowledges all. A command that fails or throws is rolled back alone.
// When the transaction or its commit fails, every command of the batch gets the error and nothing of it is kept; the
// connection is opened anew for the next batch, so that the store recovers by itself. What was submitted runs to its
// end even if the caller has gone. Nothing is acknowledged that went to a file which is not at its path any more.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sallyport/async/completion.h"
#include "sallyport/async/spawn.h"
#include "sallyport/base/metrics.h"
#include "sallyport/store/sqlite/connection.h"
#include "sallyport/store/sqlite/file_guard.h"

namespace sallyport::store::sqlite {

// Runs on the writer's thread. `Execute` may throw; failed() is asked after it; Acknowledge is called once, at the end.
class Command {
 public:
  virtual ~Command() = default;
  virtual void Execute(Connection& connection) = 0;
  virtual void SetFailure(Error error) = 0;
  virtual bool failed() const = 0;
  virtual void Acknowledge() = 0;
};

enum class WriterCounter : std::uint8_t { kCommands, kFailedBatches, kExpiredSessions };

struct WriterOptions {
  std::string path;
  std::size_t max_queued = 4096;
  std::size_t max_batch = 64;
};

class Writer {
 public:
  // `guard` must outlive it.
  Writer(WriterOptions options, std::unique_ptr<Connection> connection, FileGuard& guard);
  ~Writer();

  // Runs `body` in the next batch; resumes after COMMIT. A failure rolls its changes back. kBusy, kUnavailable, its
  // own.
  template <class T>
  Task<T> Write(std::function<Result<T>(Connection&)> body);
  // kBusy when the queue is full, kUnavailable after Stop.
  Result<void> Submit(std::unique_ptr<Command> command);
  // Finishes what was accepted. Blocks.
  void Stop();

  std::size_t waiting() const;
  const Histogram& commits() const { return commits_; }
  std::uint64_t count(WriterCounter which) const { return counters_.Get(which); }
  // For commands, on the writer's thread.
  void Count(WriterCounter which, std::uint64_t by) { counters_.Add(which, by); }

 private:
  void Loop();
  std::vector<std::unique_ptr<Command>> NextBatch();
  void RunBatch(std::vector<std::unique_ptr<Command>>& batch);
  // What befell the whole batch; throws what SQLite throws.
  Result<void> TryBatch(std::vector<std::unique_ptr<Command>>& batch);
  // False when a command met trouble that may be the connection's: it should be opened anew.
  bool RunInTransaction(std::vector<std::unique_ptr<Command>>& batch);
  bool RunInSavepoint(Command& command);

  const WriterOptions options_;
  FileGuard& guard_;
  std::unique_ptr<Connection> connection_;  // writer's thread only
  Histogram commits_;
  CounterSet<WriterCounter, 3> counters_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Command>> queue_;
  bool stopped_ = false;
  std::thread thread_;
};

template <class T>
class CommandOf final : public Command {
 public:
  CommandOf(std::function<Result<T>(Connection&)> body, async::Promise<T> promise)
      : body_(std::move(body)), promise_(std::move(promise)) {}
  void Execute(Connection& connection) override { outcome_.emplace(body_(connection)); }
  void SetFailure(Error error) override { outcome_.emplace(std::unexpected(std::move(error))); }
  bool failed() const override { return !outcome_ || !*outcome_; }
  void Acknowledge() override { promise_.Set(std::move(*outcome_)); }

 private:
  std::function<Result<T>(Connection&)> body_;
  async::Promise<T> promise_;
  std::optional<Result<T>> outcome_;
};

template <class T>
Task<T> Writer::Write(std::function<Result<T>(Connection&)> body) {
  auto [promise, future] = async::MakeCompletion<T>(co_await async::CurrentExecutor());
  auto submitted = Submit(std::make_unique<CommandOf<T>>(std::move(body), std::move(promise)));
  if (!submitted) co_return std::unexpected(std::move(submitted).error());
  co_return co_await std::move(future).Wait();
}

}  // namespace sallyport::store::sqlite
