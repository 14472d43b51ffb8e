// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/sqlite/account_commands.h"

#include <algorithm>

#include "sallyport/store/sqlite/aggregates.h"
#include "sallyport/store/sqlite/ending.h"
#include "sallyport/store/sqlite/rows.h"

namespace sallyport::store::sqlite {
namespace {

std::optional<model::User> UserBy(Query&& row) {
  if (!row.Step()) return std::nullopt;
  return ReadUser(row, 0);
}

std::optional<model::User> UserById(Connection& c, const model::UserId& id) {
  if (id.empty()) return std::nullopt;
  return UserBy(Query(c, "SELECT " SALLYPORT_USER_COLUMNS " FROM users u WHERE u.id = ?", id));
}

AccountFacts LookUp(Connection& c, const ResolveAccountCommand& command) {
  AccountFacts facts;
  {
    Query row(c,
              "SELECT " SALLYPORT_USER_COLUMNS ", a.issuer FROM accounts a JOIN users u ON u.id = a.\"userId\" "
              "WHERE a.provider = ? AND a.\"providerAccountId\" = ?",
              command.account.provider, command.account.provider_account_id);
    if (row.Step()) {
      facts.owner = ReadUser(row, 0);
      facts.owner_issuer = row.Text(kUserColumns);
    }
  }
  facts.link_to = UserById(c, command.link_to);
  if (command.candidate.email) {
    facts.by_email = UserBy(Query(c, "SELECT " SALLYPORT_USER_COLUMNS " FROM users u WHERE u.email = ?", command.candidate.email));
  }
  if (facts.by_email) {
    const auto accounts = AccountsOf(c, facts.by_email->id);
    facts.by_email_has_accounts = !accounts.empty();
    facts.by_email_has_backend = std::ranges::any_of(accounts, [](const auto& a) { return a.type == "credentials"; });
  }
  return facts;
}

// What an unconfirmed address gave its user goes: whoever chose the password may not be who owns the mailbox.
std::vector<Revocation> Dispossess(Connection& c, const model::UserId& id) {
  Query(c, "UPDATE users SET password_hash = NULL WHERE id = ?", id).Run();
  DropAccountTokens(c, id);
  return EndSessionsOf(c, id, std::nullopt, model::EndReason::kPasswordChanged);
}

model::User Claim(Connection& c, const ResolveAccountCommand& command, model::User user, std::vector<Revocation>& ended) {
  ended = Dispossess(c, user.id);
  user.email_verified = command.now;
  user.name = command.candidate.name;
  user.image = command.candidate.image;
  Query(c, "UPDATE users SET \"emailVerified\" = ?, name = ?, image = ? WHERE id = ?", user.email_verified, user.name, user.image, user.id).Run();
  return user;
}

}  // namespace

void InsertAccount(Connection& connection, const model::Account& account) {
  Query(connection, "INSERT INTO accounts (\"userId\", type, provider, \"providerAccountId\", issuer) VALUES (?, ?, ?, ?, ?)",
        account.user_id, account.type, account.provider, account.provider_account_id, account.issuer)
      .Run();
}

std::vector<model::Account> AccountsOf(Connection& connection, const model::UserId& user_id) {
  std::vector<model::Account> accounts;
  Query row(connection,
            "SELECT \"userId\", type, provider, \"providerAccountId\", issuer FROM accounts WHERE \"userId\" = ? "
            "ORDER BY provider, \"providerAccountId\"",
            user_id);
  while (row.Step()) accounts.push_back({row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4)});
  return accounts;
}

AccountResolution ResolveAccount(Connection& connection, const ResolveAccountCommand& command) {
  const AccountFacts facts = LookUp(connection, command);
  AccountResolution out;
  out.outcome = JudgeAccount(command, facts);
  switch (out.outcome) {
    case AccountOutcome::kKnown:
      out.user = *facts.owner;
      if (facts.owner_issuer.empty() && !command.account.issuer.empty()) {
        Query(connection, "UPDATE accounts SET issuer = ? WHERE provider = ? AND \"providerAccountId\" = ?", command.account.issuer,
              command.account.provider, command.account.provider_account_id)
            .Run();
      }
      return out;
    case AccountOutcome::kLinked:
      out.user = facts.link_to ? *facts.link_to : *facts.by_email;
      break;
    case AccountOutcome::kClaimed:
      out.user = Claim(connection, command, *facts.by_email, out.ended);
      break;
    case AccountOutcome::kCreatedWithAddress:
      out.ended = Dispossess(connection, facts.by_email->id);
      Query(connection, "UPDATE users SET email = NULL WHERE id = ?", facts.by_email->id).Run();
      [[fallthrough]];
    case AccountOutcome::kCreated:
      out.user = command.candidate;
      InsertUser(connection, out.user, {});
      break;
    default: return out;  // refused
  }
  model::Account account = command.account;
  account.user_id = out.user.id;
  InsertAccount(connection, account);
  return out;
}

UnlinkOutcome UnlinkAccount(Connection& connection, const UnlinkAccountCommand& command) {
  auto accounts = AccountsOf(connection, command.user_id);
  const auto removed = std::erase_if(accounts, [&](const model::Account& a) {
    return a.provider == command.provider && a.provider_account_id == command.provider_account_id;
  });
  const auto user = UserById(connection, command.user_id);
  if (removed == 0 || !user) return UnlinkOutcome::kNotFound;
  bool has_password = false;
  {
    Query row(connection, "SELECT 1 FROM users WHERE id = ? AND password_hash IS NOT NULL", command.user_id);
    has_password = row.Step();
  }
  if (!HasAnotherWayIn(command, *user, has_password, accounts)) return UnlinkOutcome::kLastWayIn;
  Query(connection, "DELETE FROM accounts WHERE \"userId\" = ? AND provider = ? AND \"providerAccountId\" = ?", command.user_id,
        command.provider, command.provider_account_id)
      .Run();
  return UnlinkOutcome::kUnlinked;
}

}  // namespace sallyport::store::sqlite
