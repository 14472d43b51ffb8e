// SPDX-License-Identifier: Apache-2.0
// A person makes an account. No HTTP, no throttling, no mail of its own: signin/account_flows.h does those around it.
//
// Verified registration: the row in users is made only when the link from the mail is used, so nobody can squat on an
// address; until then the chosen password's hash waits sealed in the token. Known and unknown addresses take the same steps
// (one hash, one read, one write) and give the same answer; only the mail differs (S50).
// Somebody can register another person's address and hope that they click. So confirming takes more than the token: the
// asking browser's binding, or the password typed again (S54).
// Thread-safe. What is passed to the constructor must outlive it. Errors of the store pass through.
#pragma once

#include <string>

#include "sallyport/async/task.h"
#include "sallyport/base/secret.h"
#include "sallyport/identity/account_tokens.h"
#include "sallyport/identity/mail_intent.h"
#include "sallyport/identity/password_hasher.h"
#include "sallyport/identity/password_policy.h"
#include "sallyport/store/store.h"

namespace sallyport::identity {

inline constexpr std::size_t kMaxNameBytes = 200;

struct RegistrationForm {
  std::string email;             // as typed
  std::string name;              // may be empty
  Secret password;
  std::string browser_binding;   // a secret that only the asking browser can show again (cookie); empty: none
};

struct ConfirmationProof {
  std::string browser_binding;   // from the confirming browser; empty: none
  Secret password;               // typed on the confirm page; empty: none
};

class Registration {
 public:
  Registration(store::Store& store, PasswordHasher& hasher, AccountTokens& tokens, PasswordPolicy policy, Duration lifetime,
               const Clock& clock, Random& random);

  // The mail to send, whoever it is. kInvalidEmail, kInvalidName, kPassword…, kOverloaded.
  Task<MailIntent> Begin(RegistrationForm form);
  // Creates the user. kInvalidToken, kNeedsProof (show the page that asks for the password; `proof` with a wrong password
  // counts a try, 5 end the token), kEmailTaken, kOverloaded.
  Task<model::User> Confirm(std::string token, ConfirmationProof proof);
  // registration = "open" (a spelled-out weakening): at once, address unverified. kEmailTaken and as Begin.
  Task<model::User> CreateOpen(RegistrationForm form);

 private:
  struct Judged {
    std::string email;
    std::string name;
    std::string password_hash;
  };
  Task<Judged> Judge(std::string typed_email, std::string typed_name, Secret password);
  Task<void> Prove(const ReadToken& pending, ConfirmationProof proof);

  store::Store& store_;
  PasswordHasher& hasher_;
  AccountTokens& tokens_;
  const PasswordPolicy policy_;
  const Duration lifetime_;
  const Clock& clock_;
  Random& random_;
};

// A display name as it is stored: trimmed. kInvalidName.
Result<std::string> CanonicalName(std::string_view typed);

}  // namespace sallyport::identity
