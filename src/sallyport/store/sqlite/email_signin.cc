// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/sqlite/email_signin.h"

#include "sallyport/store/sqlite/aggregates.h"
#include "sallyport/store/sqlite/ending.h"
#include "sallyport/store/sqlite/rows.h"

namespace sallyport::store::sqlite {
namespace {

SignedInByEmail Admit(Connection& c, const std::string& address, std::optional<model::User> newcomer, Timestamp now) {
  SignedInByEmail done;
  if (!newcomer) return done;
  newcomer->email = address;
  newcomer->email_verified = now;
  InsertUser(c, *newcomer, {});
  done.outcome = EmailSignInOutcome::kCreated;
  done.user = std::move(newcomer);
  return done;
}

// Other ways in: how many, and whether the operator's own back end is one of them.
struct Accounts {
  bool any = false, backend = false;
};

Accounts AccountsOf(Connection& c, const model::UserId& id) {
  Query row(c, "SELECT count(*), ifnull(sum(type = 'credentials'), 0) FROM accounts WHERE \"userId\" = ?", id);
  row.Step();
  return {row.Integer(0) > 0, row.Integer(1) > 0};
}

SignedInByEmail Recognise(Connection& c, model::User user, std::optional<model::User> newcomer, Timestamp now) {
  SignedInByEmail done;
  done.outcome = EmailSignInOutcome::kSignedIn;
  if (user.disabled) {
    done.outcome = EmailSignInOutcome::kDisabled;
    return done;
  }
  if (!user.email_verified) {
    const Accounts accounts = AccountsOf(c, user.id);
    if (accounts.backend || (accounts.any && !newcomer)) {
      done.outcome = EmailSignInOutcome::kNotLinked;
      return done;
    }
    Query(c, "UPDATE users SET password_hash = NULL WHERE id = ?", user.id).Run();
    DropAccountTokens(c, user.id);
    auto ended = EndSessionsOf(c, user.id, std::nullopt, model::EndReason::kPasswordChanged);
    if (accounts.any) {
      Query(c, "UPDATE users SET email = NULL WHERE id = ?", user.id).Run();
      done = Admit(c, *user.email, std::move(newcomer), now);
      done.ended = std::move(ended);
      return done;
    }
    done.outcome = EmailSignInOutcome::kClaimed;
    user.email_verified = now;
    Query(c, "UPDATE users SET \"emailVerified\" = ? WHERE id = ?", now, user.id).Run();
    done.ended = std::move(ended);
  }
  done.user = std::move(user);
  return done;
}

std::optional<model::User> UserOf(Connection& c, const std::string& email) {
  Query row(c, "SELECT " SALLYPORT_USER_COLUMNS " FROM users u WHERE email = ?", email);
  if (!row.Step()) return std::nullopt;
  return ReadUser(row, 0);
}

}  // namespace

SignedInByEmail SignInAddress(Connection& c, const std::string& address, std::optional<model::User> newcomer, Timestamp now) {
  auto user = UserOf(c, address);
  return user ? Recognise(c, *std::move(user), std::move(newcomer), now) : Admit(c, address, std::move(newcomer), now);
}

}  // namespace sallyport::store::sqlite
