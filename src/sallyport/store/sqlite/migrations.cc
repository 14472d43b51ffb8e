// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/sqlite/migrations.h"

#include <fmt/format.h>

#include <string>

#include "sallyport/base/hex.h"
#include "sallyport/crypto/digest.h"

namespace sallyport::store::sqlite {
namespace {

// "SALY" in the file's header, so that no other program's file is taken for ours.
constexpr std::int64_t kApplicationId = 0x53414c59;

std::string ChecksumOf(const Migration& migration) {
  return EncodeHex(crypto::AsView(crypto::Sha256(std::string_view(migration.sql))));
}

std::int64_t SingleInteger(Connection& connection, const char* literal) {
  Query query(connection, literal);
  return query.Step() ? query.Integer(0) : 0;
}

Result<void> ClaimFile(Connection& connection) {
  if (SingleInteger(connection, "PRAGMA application_id") == kApplicationId) return {};
  if (SingleInteger(connection, "SELECT count(*) FROM sqlite_schema") != 0) {
    return Fail(Errc::kCorrupt, "the file is a database of another program; name another path in `store`");
  }
  connection.Exec("PRAGMA application_id = 1396788313");  // kApplicationId
  connection.Exec(
      "CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL, "
      "applied_at INTEGER NOT NULL, checksum TEXT NOT NULL) STRICT");
  return {};
}

// How many of ours are applied already.
Result<std::size_t> CountApplied(Connection& connection, std::span<const Migration> migrations) {
  std::size_t applied = 0;
  Query rows(connection, "SELECT version, checksum FROM schema_migrations ORDER BY version");
  while (rows.Step()) {
    if (applied == migrations.size()) {
      return Fail(Errc::kTooNew,
                  fmt::format("the store has schema {} and this program knows {}; run the newer program, or "
                              "restore the backup from before the upgrade",
                              rows.Integer(0), migrations.size()));
    }
    const Migration& known = migrations[applied];
    if (rows.Integer(0) != known.version || rows.View(1) != ChecksumOf(known)) {
      return Fail(Errc::kCorrupt,
                  fmt::format("migration {} in the store is not the one of this program", rows.Integer(0)));
    }
    ++applied;
  }
  return applied;
}

Result<void> ApplyMissing(Connection& connection, std::span<const Migration> migrations, Timestamp now) {
  SALLYPORT_CHECK(ClaimFile(connection));
  SALLYPORT_TRY(const std::size_t applied, CountApplied(connection, migrations));
  for (const Migration& migration : migrations.subspan(applied)) {
    connection.Exec(migration.sql);
    Query(connection, "INSERT INTO schema_migrations VALUES (?, ?, ?, ?)", migration.version, migration.name, now,
          ChecksumOf(migration))
        .Run();
  }
  return {};
}

}  // namespace

Result<void> ApplyMigrations(Connection& connection, std::span<const Migration> migrations, Timestamp now) {
  connection.Exec("BEGIN EXCLUSIVE");
  try {
    auto applied = ApplyMissing(connection, migrations, now);
    connection.Exec(applied ? "COMMIT" : "ROLLBACK");
    return applied;
  } catch (...) {
    if (connection.in_transaction()) connection.Exec("ROLLBACK");
    throw;
  }
}

Result<void> CheckSchema(Connection& connection) {
  SALLYPORT_TRY(const std::size_t applied, CountApplied(connection, Migrations()));
  if (applied != Migrations().size()) return Fail(Errc::kUnavailable, "the file was replaced by an older one");
  return {};
}

}  // namespace sallyport::store::sqlite
