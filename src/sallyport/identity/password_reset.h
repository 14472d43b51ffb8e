// SPDX-License-Identifier: Apache-2.0
// A person who has forgotten the password proves the address instead. No HTTP, no throttling, no mail of its own.
//
// Known and unknown addresses take the same steps; only the mail differs (S50). Thread-safe. What is passed to the
// constructor must outlive it. Errors of the store pass through.
#pragma once

#include <string>
#include <vector>

#include "sallyport/identity/account_tokens.h"
#include "sallyport/identity/mail_intent.h"
#include "sallyport/identity/password_hasher.h"
#include "sallyport/identity/password_policy.h"
#include "sallyport/store/store.h"

namespace sallyport::identity {

struct PasswordWasSet {
  model::User user;
  std::vector<store::Revocation> ended;   // announce these before answering (S5)
  MailIntent notice;                      // "your password was changed"
};

class PasswordReset {
 public:
  PasswordReset(store::Store& store, PasswordHasher& hasher, AccountTokens& tokens, PasswordPolicy policy, Duration lifetime,
                const Clock& clock);

  // The mail to send, whoever it is. kInvalidEmail.
  Task<MailIntent> Request(std::string email);
  // Ends every session of the user. The token stays good when the new password is refused. kInvalidToken, kPassword…,
  // kOverloaded.
  Task<PasswordWasSet> Reset(std::string token, Secret password);

 private:
  store::Store& store_;
  PasswordHasher& hasher_;
  AccountTokens& tokens_;
  const PasswordPolicy policy_;
  const Duration lifetime_;
  const Clock& clock_;
};

}  // namespace sallyport::identity
