// SPDX-License-Identifier: Apache-2.0
// What operators do to users, and what users do to their own password. No HTTP, no audit of its own.
//
// Thread-safe. What is passed to the constructor must outlive it. Errors of the store pass through.
#pragma once

#include <string>
#include <vector>

#include "sallyport/identity/password_hasher.h"
#include "sallyport/identity/password_policy.h"
#include "sallyport/identity/password_reset.h"
#include "sallyport/store/store.h"

namespace sallyport::identity {

struct NewUser {
  std::string email;                 // as typed
  std::string name;                  // may be empty
  std::vector<std::string> groups;
  Secret password;                   // empty: none, the person resets it
  bool email_verified = true;        // the operator vouches
};

class Users {
 public:
  Users(store::Store& store, PasswordHasher& hasher, PasswordPolicy policy, const Clock& clock, Random& random);

  // kInvalidEmail, kInvalidName, kInvalidGroup, kPassword…, kEmailTaken, kOverloaded.
  Task<model::User> CreateByAdmin(NewUser user);
  // Adds and takes away groups; a group in both is taken away. Tell the sessions of it (ProfileChanged). kNoSuchUser,
  // kInvalidGroup.
  Task<model::User> ChangeGroups(model::UserId id, std::vector<std::string> add, std::vector<std::string> remove);
  // Disabling ends all sessions: announce them (S5). kNoSuchUser.
  Task<std::vector<store::Revocation>> SetDisabled(model::UserId id, bool disabled);
  // Ends all sessions. kNoSuchUser, kPassword…, kOverloaded.
  Task<PasswordWasSet> SetPasswordByAdmin(model::UserId id, Secret password);
  // Checks the current password; ends all sessions but `keep`. kWrongPassword, kNoSuchUser, kPassword…, kOverloaded.
  Task<PasswordWasSet> ChangePassword(model::UserId id, Secret current, Secret next, model::SessionId keep);

 private:
  Task<PasswordWasSet> SetPassword(model::User user, Secret password, std::optional<model::SessionId> keep);

  store::Store& store_;
  PasswordHasher& hasher_;
  const PasswordPolicy policy_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace sallyport::identity
