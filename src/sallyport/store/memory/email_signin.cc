// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "sallyport/store/memory/state.h"

namespace sallyport::store::memory {
namespace {

Result<SignedInByEmail> Admit(State& state, const std::string& address, std::optional<model::User> newcomer, Timestamp now) {
  SignedInByEmail done;
  if (!newcomer) return done;
  newcomer->email = address;
  newcomer->email_verified = now;
  if (!state.CanInsertUser(*newcomer)) return Fail(Errc::kConflict);
  state.users[newcomer->id] = UserRow{*newcomer, {}};
  done.outcome = EmailSignInOutcome::kCreated;
  done.user = std::move(newcomer);
  return done;
}

Result<SignedInByEmail> Recognise(State& state, UserRow& row, std::optional<model::User> newcomer, Timestamp now) {
  SignedInByEmail done;
  const model::UserId id = row.user.id;
  if (row.user.disabled) {
    done.outcome = EmailSignInOutcome::kDisabled;
    return done;
  }
  done.outcome = EmailSignInOutcome::kSignedIn;
  if (!row.user.email_verified) {
    const auto has = [&](auto judge) {
      return std::ranges::any_of(state.accounts, [&](const auto& entry) { return entry.second.user_id == id && judge(entry.second); });
    };
    const bool any = has([](const model::Account&) { return true; });
    const bool backend = has([](const model::Account& account) { return account.type == "credentials"; });
    if (backend || (any && !newcomer)) {
      done.outcome = EmailSignInOutcome::kNotLinked;
      return done;
    }
    row.password_hash.clear();
    state.DropAccountTokens(id);
    done.ended = state.EndSessionsOf(id, std::nullopt, model::EndReason::kPasswordChanged);
    if (any) {
      const std::string address = std::exchange(row.user.email, std::nullopt).value();
      auto admitted = Admit(state, address, std::move(newcomer), now);
      if (admitted) admitted->ended = std::move(done.ended);
      return admitted;
    }
    done.outcome = EmailSignInOutcome::kClaimed;
    row.user.email_verified = now;
  }
  done.user = row.user;
  return done;
}

}  // namespace

Result<SignedInByEmail> SignInAddress(State& state, const std::string& address, std::optional<model::User> newcomer, Timestamp now) {
  UserRow* row = state.FindUserByEmail(address);
  if (row == nullptr) return Admit(state, address, std::move(newcomer), now);
  return Recognise(state, *row, std::move(newcomer), now);
}

}  // namespace sallyport::store::memory
