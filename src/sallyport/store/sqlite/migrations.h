// SPDX-License-Identifier: Apache-2.0
// The numbered SQL files of store/migrations, compiled in, and their application. A file that was released is never
// edited.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sallyport/base/clock.h"
#include "sallyport/base/result.h"
#include "sallyport/store/sqlite/connection.h"

namespace sallyport::store::sqlite {

struct Migration {
  std::int64_t version;
  std::string_view name;  // file name without number and ending
  const char* sql;
};

// In order of version: 1, 2, 3 …
std::span<const Migration> Migrations();

// Brings the file to the newest schema in one transaction that excludes every other writer. kTooNew: it is from a later
// program; kCorrupt: it belongs to another program, or a migration that was applied is not the one we know. Throws
// SQLite::Exception.
Result<void> ApplyMigrations(Connection& connection, std::span<const Migration> migrations, Timestamp now);

// The schema is exactly the one that this program knows. kTooNew, kUnavailable. Throws SQLite::Exception.
Result<void> CheckSchema(Connection& connection);

}  // namespace sallyport::store::sqlite
