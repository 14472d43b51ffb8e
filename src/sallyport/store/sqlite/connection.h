// SPDX-License-Identifier: Apache-2.0
// One SQLite connection with its prepared statements, and typed queries on it.
//
// Trouble is SQLite::Exception inside this folder; ToError makes it a store error at the edge. A connection and its
// queries are used by one thread at a time.
#pragma once

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sallyport/base/clock.h"
#include "sallyport/store/errc.h"

namespace sallyport::store::sqlite {

enum class Mode : std::uint8_t { kWriter, kReader };

class Connection {
 public:
  // The file must exist. Throws SQLite::Exception.
  Connection(const std::string& path, Mode mode);

  void Exec(const char* sql) { database_.exec(sql); }
  // `literal` must be a string literal: its address is the key of the statement cache.
  sqlite3_stmt* Prepared(const char* literal);
  std::int64_t changes() const { return sqlite3_changes64(database_.getHandle()); }
  std::int64_t last_row_id() const { return database_.getLastInsertRowid(); }
  bool in_transaction() const { return sqlite3_get_autocommit(database_.getHandle()) == 0; }
  sqlite3* handle() const { return database_.getHandle(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  SQLite::Database database_;
  std::unordered_map<const void*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

// Bytes for a BLOB column.
struct Blob {
  std::string_view bytes;
};

// One run of a statement: binds in the constructor, resets in the destructor. Views and lvalue strings are bound
// without a copy: they must outlive the query. Column views are valid until the next Step.
class Query {
 public:
  template <class... Args>
  Query(Connection& connection, const char* literal, Args&&... args)
      : connection_(connection), statement_(connection.Prepared(literal)) {
    int index = 0;
    (Bind(++index, std::forward<Args>(args)), ...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // True when there is a row.
  bool Step();
  // Steps once, for statements without rows; the number of rows that it changed.
  std::int64_t Run();

  bool IsNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t Integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string_view View(int column) const;  // of TEXT or BLOB
  std::string Text(int column) const { return std::string(View(column)); }
  std::optional<std::string> MaybeText(int column) const;
  Timestamp Time(int column) const { return FromUnixMillis(Integer(column)); }
  std::optional<Timestamp> MaybeTime(int column) const;

 private:
  void Bind(int index, std::string_view text);
  void Bind(int index, const std::string& text) { Bind(index, std::string_view(text)); }
  void Bind(int index, std::string&& text);
  void Bind(int index, const char* text) { Bind(index, std::string_view(text)); }
  void Bind(int index, Blob blob);
  void Bind(int index, std::nullptr_t);
  void Bind(int index, Timestamp time) { Bind(index, UnixMillis(time)); }
  template <class I>
  requires std::is_integral_v<I>
  void Bind(int index, I value) { Check(sqlite3_bind_int64(statement_, index, static_cast<std::int64_t>(value))); }
  template <class T>
  void Bind(int index, const std::optional<T>& value) {
    if (value) {
      Bind(index, *value);
    } else {
      Bind(index, nullptr);
    }
  }
  void Check(int result);

  Connection& connection_;
  sqlite3_stmt* statement_;
};

// kConflict for constraints, kCorrupt for a damaged or foreign file, kUnavailable for everything else.
Error ToError(const SQLite::Exception& exception);

}  // namespace sallyport::store::sqlite
