// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "sallyport/store/sqlite/aggregates.h"
#include "sallyport/store/sqlite/migrations.h"

namespace sallyport::store {
namespace sqlite {
namespace {

constexpr std::size_t kMaxQueuedReads = 4096;

class SqliteStore final : public Store {
 public:
  SqliteStore(const SqliteOptions& options, std::unique_ptr<Connection> connection)
      : guard_(options.path),
        writer_(WriterOptions{options.path, options.max_queued_writes, std::max<std::size_t>(options.max_batch, 1)},
                std::move(connection), guard_),
        readers_(options.path, std::max<std::size_t>(options.readers, 1), kMaxQueuedReads, guard_) {}
  ~SqliteStore() override { SqliteStore::Close(); }

  UserStore& users() override { return *users_; }
  SessionStore& sessions() override { return *sessions_; }
  VerificationTokenStore& verification_tokens() override { return *verification_tokens_; }
  KeyStore& keys() override { return *keys_; }
  AuditStore& audit() override { return *audit_; }
  MailQueue& mail_queue() override { return *mail_queue_; }

  Task<void> Check() override {
    SALLYPORT_CO_CHECK(co_await readers_.Read<void>([](Connection& c) -> Result<void> {
      if (!Query(c, "SELECT beats FROM heartbeat").Step()) return Fail(Errc::kCorrupt, "the heartbeat row is gone");
      return {};
    }));
    co_return co_await writer_.Write<void>([](Connection& c) -> Result<void> {
      Query(c, "UPDATE heartbeat SET beats = beats + 1").Run();
      return {};
    });
  }

  Task<StoreStatistics> Statistics(Timestamp now) override {
    std::function<Result<StoreStatistics>(Connection&)> count = [now](Connection& c) -> Result<StoreStatistics> {
      StoreStatistics counted;
      // The index on `expires` answers this alone; an idle end is never behind the absolute one.
      Query sessions(c, "SELECT count(*) FROM sessions WHERE expires > ?", now);
      if (sessions.Step()) counted.sessions_live = static_cast<std::uint64_t>(sessions.Integer(0));
      Query mails(c, "SELECT sum(state = 'queued'), sum(state = 'failed') FROM mail_queue");
      if (mails.Step()) {
        counted.mails_queued = static_cast<std::uint64_t>(mails.Integer(0));
        counted.mails_failed = static_cast<std::uint64_t>(mails.Integer(1));
      }
      return counted;
    };
    SALLYPORT_CO_TRY(StoreStatistics statistics, co_await readers_.Read<StoreStatistics>(std::move(count)));
    statistics.reads = readers_.latency();
    writer_.commits().AddTo(statistics.commits);
    statistics.commands_written = writer_.count(WriterCounter::kCommands);
    statistics.batches_failed = writer_.count(WriterCounter::kFailedBatches);
    statistics.expired_sessions = writer_.count(WriterCounter::kExpiredSessions);
    statistics.writes_waiting = writer_.waiting();
    co_return statistics;
  }

  // Readers first: the writer's connection is then the last, and leaves no write-ahead log behind.
  void Close() override {
    readers_.Stop();
    writer_.Stop();
    guard_.SetLogAside();
  }

 private:
  FileGuard guard_;
  Writer writer_;
  ReaderPool readers_;
  std::unique_ptr<UserStore> users_ = MakeUserStore(writer_, readers_);
  std::unique_ptr<SessionStore> sessions_ = MakeSessionStore(writer_, readers_);
  std::unique_ptr<VerificationTokenStore> verification_tokens_ = MakeVerificationTokenStore(writer_, readers_);
  std::unique_ptr<KeyStore> keys_ = MakeKeyStore(writer_, readers_);
  std::unique_ptr<AuditStore> audit_ = MakeAuditStore(writer_, readers_);
  std::unique_ptr<MailQueue> mail_queue_ = MakeMailQueue(writer_, readers_);
};

// SQLite gives its -wal and -shm files the mode of the database file, so that one is made by us. An existing file is
// never opened here: closing it would drop the locks that other connections of this process hold on it.
Result<void> PrepareFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) {
    ::close(fd);
    return {};
  }
  if (errno != EEXIST) {
    return Fail(Errc::kUnavailable,
                fmt::format("cannot create {}: {}; its folder must exist and be writable", path, std::strerror(errno)));
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && (status.st_mode & 0077) != 0) ::chmod(path.c_str(), status.st_mode & 0700);
  return {};
}

// Changing the journal mode does not wait for locks by itself.
void SwitchToWal(Connection& connection) {
  for (int tries = 0;; ++tries) {
    try {
      connection.Exec("PRAGMA journal_mode = WAL");
      return;
    } catch (const SQLite::Exception& e) {
      if ((e.getErrorCode() & 0xff) != SQLITE_BUSY || tries == 200) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
  }
}

Error Explain(Error error, const std::string& path) {
  const char* advice =
      error.Is(Errc::kCorrupt)
          ? "it is not a store of this program, or it is damaged: restore a backup, or move the file away"
      : error.Is(Errc::kTooNew) ? "it was written by a later version"
                                : "see that the file and its folder can be written and the disk has room";
  error.detail = fmt::format("{}: {} ({})", path, advice, error.detail);
  return error;
}

Result<std::unique_ptr<Connection>> OpenWriterConnection(const std::string& path) {
  try {
    auto connection = std::make_unique<Connection>(path, Mode::kWriter);
    SwitchToWal(*connection);
    auto migrated = ApplyMigrations(*connection, Migrations(), SystemClock().Now());
    if (!migrated) return std::unexpected(Explain(std::move(migrated).error(), path));
    return connection;
  } catch (const SQLite::Exception& e) {
    return std::unexpected(Explain(ToError(e), path));
  }
}

}  // namespace
}  // namespace sqlite

Result<std::unique_ptr<Store>> OpenSqliteStore(const SqliteOptions& options) {
  SALLYPORT_CHECK(sqlite::PrepareFile(options.path));
  SALLYPORT_TRY(auto connection, sqlite::OpenWriterConnection(options.path));
  return std::make_unique<sqlite::SqliteStore>(options, std::move(connection));
}

}  // namespace sallyport::store
