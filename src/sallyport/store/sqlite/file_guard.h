// SPDX-License-Identifier: Apache-2.0
// Notices that the database file was deleted or replaced under an open store. SQLite itself goes on with the file that it has
// open, whose rows nobody would find again.
//
// Compares device and inode of the path with those that it had at first: one stat(2). A file whose content is overwritten in
// place stays the same file. Thread-safe.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <optional>
#include <string>

#include "sallyport/base/result.h"
#include "sallyport/store/errc.h"

namespace sallyport::store::sqlite {

class FileGuard {
 public:
  // Remembers what is at `path` now; make it when the database is open.
  explicit FileGuard(std::string path);

  // kFileLost while another file, or none, is at the path; fine again when the first one is back. The log tells of each change,
  // and how to mend it.
  Result<void> Check();
  // For the end, when all connections are closed. The write-ahead log of a database that was replaced is left over, and SQLite
  // would apply it to the file that has taken its place: renames it to "…-wal.lost".
  void SetLogAside();

 private:
  struct Identity {
    dev_t device;
    ino_t inode;
    bool operator==(const Identity&) const = default;
  };
  static std::optional<Identity> IdentityOf(const std::string& path);

  const std::string path_;
  const std::optional<Identity> database_;
  const std::optional<Identity> log_;
  std::atomic<bool> lost_ = false;
};

}  // namespace sallyport::store::sqlite
