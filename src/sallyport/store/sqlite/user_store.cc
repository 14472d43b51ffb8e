// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/store/sqlite/account_commands.h"
#include "sallyport/store/sqlite/aggregates.h"
#include "sallyport/store/sqlite/rows.h"

namespace sallyport::store::sqlite {
namespace {

using Found = std::optional<model::User>;
using FoundWithPassword = std::optional<UserWithPassword>;

UserWithPassword ReadUserWithPassword(const Query& row) { return {ReadUser(row, 0), row.MaybeText(kUserColumns)}; }

std::vector<model::User> ReadUsers(Query& rows) {
  std::vector<model::User> users;
  while (rows.Step()) users.push_back(ReadUser(rows, 0));
  return users;
}

class SqliteUserStore final : public UserStore {
 public:
  SqliteUserStore(Writer& writer, ReaderPool& readers) : writer_(writer), readers_(readers) {}

  Task<void> Create(model::User user, std::string password_hash) override {
    return writer_.Write<void>([user = std::move(user), password_hash = std::move(password_hash)](Connection& c) {
      InsertUser(c, user, password_hash);
      return Result<void>();
    });
  }

  Task<void> CreateWithAccount(model::User user, model::Account account) override {
    return writer_.Write<void>([user = std::move(user), account = std::move(account)](Connection& c) {
      InsertUser(c, user, {});
      model::Account owned = account;
      owned.user_id = user.id;
      InsertAccount(c, owned);
      return Result<void>();
    });
  }

  Task<Found> FindById(model::UserId id) override {
    return readers_.Read<Found>([id = std::move(id)](Connection& c) -> Result<Found> {
      Query row(c, "SELECT " SALLYPORT_USER_COLUMNS " FROM users u WHERE u.id = ?", id);
      if (!row.Step()) return Found();
      return ReadUser(row, 0);
    });
  }

  Task<FoundWithPassword> FindByEmail(std::string email) override {
    return readers_.Read<FoundWithPassword>([email = std::move(email)](Connection& c) -> Result<FoundWithPassword> {
      Query row(c, "SELECT " SALLYPORT_USER_COLUMNS ", u.password_hash FROM users u WHERE u.email = ?", email);
      if (!row.Step()) return FoundWithPassword();
      return ReadUserWithPassword(row);
    });
  }

  Task<FoundWithPassword> FindWithPassword(model::UserId id) override {
    return readers_.Read<FoundWithPassword>([id = std::move(id)](Connection& c) -> Result<FoundWithPassword> {
      Query row(c, "SELECT " SALLYPORT_USER_COLUMNS ", u.password_hash FROM users u WHERE u.id = ?", id);
      if (!row.Step()) return FoundWithPassword();
      return ReadUserWithPassword(row);
    });
  }

  Task<Found> FindByAccount(std::string provider, std::string account_id) override {
    return readers_.Read<Found>([provider = std::move(provider),
                                 account_id = std::move(account_id)](Connection& c) -> Result<Found> {
      Query row(
          c,
          "SELECT " SALLYPORT_USER_COLUMNS
          " FROM accounts a JOIN users u ON u.id = a.\"userId\" WHERE a.provider = ? AND a.\"providerAccountId\" = ?",
          provider, account_id);
      if (!row.Step()) return Found();
      return ReadUser(row, 0);
    });
  }

  Task<std::vector<model::Account>> ListAccounts(model::UserId id) override {
    using Accounts = std::vector<model::Account>;
    return readers_.Read<Accounts>([id = std::move(id)](Connection& c) -> Result<Accounts> { return AccountsOf(c, id); });
  }

  Task<AccountResolution> ResolveAccount(ResolveAccountCommand command) override {
    return writer_.Write<AccountResolution>([command = std::move(command)](Connection& c) -> Result<AccountResolution> {
      return sqlite::ResolveAccount(c, command);
    });
  }

  Task<UnlinkOutcome> UnlinkAccount(UnlinkAccountCommand command) override {
    return writer_.Write<UnlinkOutcome>([command = std::move(command)](Connection& c) -> Result<UnlinkOutcome> {
      return sqlite::UnlinkAccount(c, command);
    });
  }

  Task<std::vector<model::User>> List(UserQuery query) override {
    using Users = std::vector<model::User>;
    return readers_.Read<Users>([query = std::move(query)](Connection& c) -> Result<Users> {
      const std::int64_t limit = RowLimit(std::min<std::size_t>(query.limit, 1000));
      if (query.contains.empty()) {
        Query rows(c, "SELECT " SALLYPORT_USER_COLUMNS " FROM users u WHERE u.id > ? ORDER BY u.id LIMIT ?",
                   query.after_id, limit);
        return ReadUsers(rows);
      }
      Query rows(c,
                 "SELECT " SALLYPORT_USER_COLUMNS
                 " FROM users u WHERE u.id > ?1 AND (instr(lower(ifnull(u.email, '')), lower(?2)) > 0 OR "
                 "instr(lower(ifnull(u.name, '')), lower(?2)) > 0) ORDER BY u.id LIMIT ?3",
                 query.after_id, query.contains, limit);
      return ReadUsers(rows);
    });
  }

  Task<void> UpdateProfile(model::User user) override {
    return writer_.Write<void>([user = std::move(user)](Connection& c) -> Result<void> {
      const auto changed =
          Query(c,
                "UPDATE users SET name = ?, email = ?, \"emailVerified\" = ?, image = ?, \"groups\" = ? "
                "WHERE id = ?",
                user.name, user.email, user.email_verified, user.image, JoinNames(user.groups), user.id)
              .Run();
      if (changed == 0) return Fail(Errc::kNotFound);
      return {};
    });
  }

  Task<void> ReplacePasswordHash(model::UserId id, std::string expected, std::string hash) override {
    return writer_.Write<void>([id = std::move(id), expected = std::move(expected),
                                hash = std::move(hash)](Connection& c) -> Result<void> {
      const auto changed =
          Query(c, "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?", hash, id, expected).Run();
      if (changed == 0) return Fail(Errc::kConflict);
      return {};
    });
  }

 private:
  Writer& writer_;
  ReaderPool& readers_;
};

}  // namespace

void InsertUser(Connection& connection, const model::User& user, const std::string& password_hash) {
  std::optional<std::string> hash;
  if (!password_hash.empty()) hash = password_hash;
  Query(
      connection,
      "INSERT INTO users (id, name, email, \"emailVerified\", image, \"groups\", password_hash, disabled, created_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      user.id, user.name, user.email, user.email_verified, user.image, JoinNames(user.groups), hash, user.disabled,
      user.created_at)
      .Run();
}

std::unique_ptr<UserStore> MakeUserStore(Writer& writer, ReaderPool& readers) {
  return std::make_unique<SqliteUserStore>(writer, readers);
}

}  // namespace sallyport::store::sqlite
