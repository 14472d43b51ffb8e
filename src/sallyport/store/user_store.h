// SPDX-License-Identifier: Apache-2.0
// Users, their passwords and their accounts. Every method is atomic; e-mail addresses are canonical already.
// Thread-safe; resumes on the awaiting worker. Errors: kUnavailable, kBusy and those named.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/model/user.h"
#include "sallyport/store/account_resolution.h"
#include "sallyport/store/errc.h"

namespace sallyport::store {

struct UserWithPassword {
  model::User user;
  std::optional<std::string> password_hash;   // PHC string
};

struct UserQuery {
  std::string contains;        // in e-mail or name, ASCII case ignored; empty: all
  std::string after_id;        // page on; empty: from the start (ordered by id)
  std::size_t limit = 100;     // at most 1000
};

class UserStore {
 public:
  virtual ~UserStore() = default;

  // kConflict when the id or the e-mail is taken. `password_hash` may be empty (no password).
  virtual Task<void> Create(model::User user, std::string password_hash) = 0;
  // With the account that identifies the user (its user_id is set to the user's), in one transaction. kConflict also when the account exists.
  virtual Task<void> CreateWithAccount(model::User user, model::Account account) = 0;
  virtual Task<std::optional<model::User>> FindById(model::UserId id) = 0;
  virtual Task<std::optional<UserWithPassword>> FindByEmail(std::string email) = 0;
  virtual Task<std::optional<UserWithPassword>> FindWithPassword(model::UserId id) = 0;
  virtual Task<std::optional<model::User>> FindByAccount(std::string provider, std::string provider_account_id) = 0;
  virtual Task<std::vector<model::Account>> ListAccounts(model::UserId id) = 0;
  // Whose account this is, by the rules of account_resolution.h, and what follows from that, in one transaction. Of two calls
  // for one new account, one creates and the other finds.
  virtual Task<AccountResolution> ResolveAccount(ResolveAccountCommand command) = 0;
  // Takes one account from its user, unless that would leave them without a way to sign in. In one transaction.
  virtual Task<UnlinkOutcome> UnlinkAccount(UnlinkAccountCommand command) = 0;
  virtual Task<std::vector<model::User>> List(UserQuery query) = 0;
  // Name, image, groups, e-mail and its verification. kNotFound, kConflict (e-mail taken). Does not change `disabled`.
  virtual Task<void> UpdateProfile(model::User user) = 0;
  // Replaces the hash only if it is still `expected` (rehash on sign-in must not undo a change). kConflict otherwise.
  virtual Task<void> ReplacePasswordHash(model::UserId id, std::string expected, std::string hash) = 0;
};

}  // namespace sallyport::store
