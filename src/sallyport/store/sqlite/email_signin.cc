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

bool IsKnownElsewhere(Connection& c, const model::UserId& id) {
  Query row(c, "SELECT 1 FROM accounts WHERE \"userId\" = ? LIMIT 1", id);
  return row.Step();
}

SignedInByEmail Recognise(Connection& c, model::User user, Timestamp now) {
  SignedInByEmail done;
  done.outcome = EmailSignInOutcome::kSignedIn;
  if (user.disabled) {
    done.outcome = EmailSignInOutcome::kDisabled;
    return done;
  }
  if (!user.email_verified) {
    if (IsKnownElsewhere(c, user.id)) {
      done.outcome = EmailSignInOutcome::kNotLinked;
      return done;
    }
    done.outcome = EmailSignInOutcome::kClaimed;
    user.email_verified = now;
    Query(c, "UPDATE users SET password_hash = NULL, \"emailVerified\" = ? WHERE id = ?", now, user.id).Run();
    DropAccountTokens(c, user.id);
    done.ended = EndSessionsOf(c, user.id, std::nullopt, model::EndReason::kPasswordChanged);
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
  return user ? Recognise(c, *std::move(user), now) : Admit(c, address, std::move(newcomer), now);
}

}  // namespace sallyport::store::sqlite
