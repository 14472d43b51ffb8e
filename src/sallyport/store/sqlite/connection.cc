// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/sqlite/connection.h"

#include <SQLiteCpp/Exception.h>

namespace sallyport::store::sqlite {
namespace {

constexpr int kBusyMillis = 5000;

}  // namespace

Connection::Connection(const std::string& path, Mode mode)
    : database_(path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, kBusyMillis) {
  Exec(
      "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY");
  if (mode == Mode::kReader) {
    Exec("PRAGMA query_only = ON");
  } else {
    // FULL: a commit is on the disk before anybody is told of it (S61).
    Exec("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = FAST");
  }
}

sqlite3_stmt* Connection::Prepared(const char* literal) {
  auto& statement = statements_[literal];
  if (!statement) {
    sqlite3_stmt* made = nullptr;
    const int result =
        sqlite3_prepare_v3(database_.getHandle(), literal, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (result != SQLITE_OK) throw SQLite::Exception(database_.getHandle(), result);
    statement.reset(made);
  }
  return statement.get();
}

Query::~Query() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Query::Step() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) Check(result);
  return false;
}

std::int64_t Query::Run() {
  while (Step()) {
  }
  return connection_.changes();
}

std::string_view Query::View(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

std::optional<std::string> Query::MaybeText(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Text(column);
}

std::optional<Timestamp> Query::MaybeTime(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Time(column);
}

void Query::Bind(int index, std::string_view text) {
  // A null pointer would bind NULL, which is not the empty string.
  const char* data = text.data() != nullptr ? text.data() : "";
  Check(sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Query::Bind(int index, std::string&& text) {
  Check(sqlite3_bind_text64(statement_, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Query::Bind(int index, Blob blob) {
  const char* data = blob.bytes.data() != nullptr ? blob.bytes.data() : "";
  Check(sqlite3_bind_blob64(statement_, index, data, blob.bytes.size(), SQLITE_STATIC));
}

void Query::Bind(int index, std::nullptr_t) { Check(sqlite3_bind_null(statement_, index)); }

void Query::Check(int result) {
  if (result != SQLITE_OK) throw SQLite::Exception(connection_.handle(), result);
}

Error ToError(const SQLite::Exception& exception) {
  switch (exception.getErrorCode() & 0xff) {
    case SQLITE_CONSTRAINT:
      return Error(Errc::kConflict, exception.what());
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error(Errc::kCorrupt, exception.what());
    default:
      return Error(Errc::kUnavailable, exception.what());
  }
}

}  // namespace sallyport::store::sqlite
