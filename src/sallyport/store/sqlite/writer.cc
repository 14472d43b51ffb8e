// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/sqlite/writer.h"

#include <SQLiteCpp/Exception.h>
#include <pthread.h>

#include <chrono>
#include <exception>

#include "sallyport/base/log.h"
#include "sallyport/store/sqlite/migrations.h"

namespace sallyport::store::sqlite {

Writer::Writer(WriterOptions options, std::unique_ptr<Connection> connection, FileGuard& guard)
    : options_(std::move(options)), guard_(guard), connection_(std::move(connection)), thread_([this] { Loop(); }) {}

Writer::~Writer() { Stop(); }

Result<void> Writer::Submit(std::unique_ptr<Command> command) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return Fail(Errc::kUnavailable, "the store is closed");
    if (queue_.size() >= options_.max_queued) return Fail(Errc::kBusy, "the queue of writes is full");
    queue_.push_back(std::move(command));
  }
  wake_.notify_one();
  return {};
}

void Writer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::vector<std::unique_ptr<Command>> Writer::NextBatch() {
  std::vector<std::unique_ptr<Command>> batch;
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
  while (!queue_.empty() && batch.size() < options_.max_batch) {
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return batch;
}

void Writer::Loop() {
  pthread_setname_np(pthread_self(), "sqlite-writer");
  for (auto batch = NextBatch(); !batch.empty(); batch = NextBatch()) RunBatch(batch);
  connection_.reset();
}

std::size_t Writer::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void Writer::RunBatch(std::vector<std::unique_ptr<Command>>& batch) {
  const auto begin = std::chrono::steady_clock::now();
  Result<void> done;
  try {
    done = TryBatch(batch);
  } catch (const SQLite::Exception& e) {
    done = std::unexpected(ToError(e));
    // A constraint cannot fail at this level unless something is badly wrong; to the callers it is no conflict of
    // theirs.
    if (done.error().Is(Errc::kConflict)) done.error().code = Errc::kUnavailable;
  } catch (const std::exception& e) {
    done = Fail(Errc::kUnavailable, e.what());
  }
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  commits_.Observe(static_cast<std::uint64_t>(took.count()));
  counters_.Add(WriterCounter::kCommands, batch.size());
  if (!done) {
    counters_.Add(WriterCounter::kFailedBatches);
    // Closing rolls back whatever is open; a new connection also outlives a disk that was full or a file that came
    // back.
    connection_.reset();
    // The guard has said so once.
    if (!done.error().Is(Errc::kFileLost)) {
      log::Error("writing to the store failed", {{"commands", batch.size()}, {"error", done.error().ToLogString()}});
    }
    for (auto& command : batch) command->SetFailure(done.error());
  }
  for (auto& command : batch) command->Acknowledge();
}

Result<void> Writer::TryBatch(std::vector<std::unique_ptr<Command>>& batch) {
  SALLYPORT_CHECK(guard_.Check());
  if (!connection_) {
    connection_ = std::make_unique<Connection>(options_.path, Mode::kWriter);
    SALLYPORT_CHECK(CheckSchema(*connection_));
  }
  if (!RunInTransaction(batch)) connection_.reset();
  return guard_.Check();
}

bool Writer::RunInTransaction(std::vector<std::unique_ptr<Command>>& batch) {
  bool sound = true;
  Query(*connection_, "BEGIN IMMEDIATE").Run();
  for (auto& command : batch) sound = RunInSavepoint(*command) && sound;
  Query(*connection_, "COMMIT").Run();
  return sound;
}

bool Writer::RunInSavepoint(Command& command) {
  Query(*connection_, "SAVEPOINT command").Run();
  bool sound = true;
  try {
    command.Execute(*connection_);
  } catch (const SQLite::Exception& e) {
    // SQLite gives up the whole transaction on some errors (full disk, I/O): then the neighbours have lost their
    // changes too.
    if (!connection_->in_transaction()) throw;
    Error error = ToError(e);
    sound = error.Is(Errc::kConflict);
    command.SetFailure(std::move(error));
  } catch (const std::exception& e) {
    command.SetFailure(Error(Errc::kUnavailable, e.what()));
  }
  if (command.failed()) Query(*connection_, "ROLLBACK TO command").Run();
  Query(*connection_, "RELEASE command").Run();
  return sound;
}

}  // namespace sallyport::store::sqlite
