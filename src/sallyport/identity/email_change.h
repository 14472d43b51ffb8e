// SPDX-License-Identifier: Apache-2.0
// Moving an account to another address: the current password now, a link in a mail to the new address then (S54).
//
// Whether another account has the new address is told by mail to that address only (S50). Thread-safe. What is passed to the
// constructor must outlive it. Errors of the store pass through.
#pragma once

#include <optional>
#include <string>

#include "sallyport/identity/account_tokens.h"
#include "sallyport/identity/mail_intent.h"
#include "sallyport/identity/password_hasher.h"
#include "sallyport/store/store.h"

namespace sallyport::identity {

struct EmailChangeMails {
  MailIntent to_new;
  std::optional<MailIntent> to_old;   // nothing when the user had no address
};

class EmailChange {
 public:
  EmailChange(store::Store& store, PasswordHasher& hasher, AccountTokens& tokens, Duration lifetime);

  // kInvalidEmail, kWrongPassword, kNoSuchUser, kOverloaded.
  Task<EmailChangeMails> Request(model::UserId user, std::string email, Secret current);
  // The user as it is now. kInvalidToken, kEmailTaken.
  Task<model::User> Confirm(std::string token, Timestamp now);

 private:
  store::Store& store_;
  PasswordHasher& hasher_;
  AccountTokens& tokens_;
  const Duration lifetime_;
};

}  // namespace sallyport::identity
