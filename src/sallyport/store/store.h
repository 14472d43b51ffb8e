// SPDX-License-Identifier: Apache-2.0
// A whole store: the aggregates and what is done to all of them. Backends: sqlite/, memory/ (tests), later postgres/.
#pragma once

#include <memory>
#include <string>

#include "sallyport/store/audit_store.h"
#include "sallyport/store/key_store.h"
#include "sallyport/store/mail_queue.h"
#include "sallyport/store/session_store.h"
#include "sallyport/store/statistics.h"
#include "sallyport/store/user_store.h"
#include "sallyport/store/verification_token_store.h"

namespace sallyport::store {

class Store {
 public:
  virtual ~Store() = default;
  virtual UserStore& users() = 0;
  virtual SessionStore& sessions() = 0;
  virtual VerificationTokenStore& verification_tokens() = 0;
  virtual KeyStore& keys() = 0;
  virtual AuditStore& audit() = 0;
  virtual MailQueue& mail_queue() = 0;

  // One small read and one small write; kUnavailable, kFileLost, kCorrupt.
  virtual Task<void> Check() = 0;
  // Counts rows: a few milliseconds of a reader for a large store, so ask seldom.
  virtual Task<StoreStatistics> Statistics(Timestamp now) = 0;
  // Finishes what was accepted, then closes. Blocks; not on a worker.
  virtual void Close() = 0;
};

struct SqliteOptions {
  std::string path;                    // of the database file; its folder must exist
  std::size_t readers = 2;
  std::size_t max_queued_writes = 4096;
  std::size_t max_batch = 64;          // commands in one group commit
};

// Opens (creates) the file, applies migrations under a lock. Blocks. Errors: kUnavailable, kTooNew, kCorrupt with a
// sentence that says what to do.
Result<std::unique_ptr<Store>> OpenSqliteStore(const SqliteOptions& options);
std::unique_ptr<Store> MakeMemoryStore();

// The lock beside the file that a running server holds; `nullopt` when somebody else holds it.
class StoreLock {
 public:
  virtual ~StoreLock() = default;
  // Held as long as any duplicate of it is open, in this process or another.
  virtual int descriptor() const = 0;
};
Result<std::unique_ptr<StoreLock>> TryLockSqliteStore(const std::string& path);
// A duplicate of the lock of that store which another process has handed over; it is this lock's from now on. kUnavailable when
// it is the lock of another store.
Result<std::unique_ptr<StoreLock>> AdoptStoreLock(const std::string& path, int descriptor);

}  // namespace sallyport::store
