// SPDX-License-Identifier: Apache-2.0
// Sign-in with a password that the store keeps.
//
// Unknown address, wrong password, disabled user and a user without a password are one answer with one timing class (S50):
// each costs one verification on the bounded pool. Throttled by address and account before that (S55). Hashes with old
// parameters are replaced on the way (S51). Every outcome is an audit event (S63). Thread-safe; what is passed to the
// constructor must outlive it.
#pragma once

#include <string>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/secret.h"
#include "sallyport/signin/signed_in.h"
#include "sallyport/store/store.h"

namespace sallyport::identity {
class PasswordHasher;
class Throttle;
}

namespace sallyport::signin {

struct PasswordCredentials {
  std::string identifier;   // the e-mail address as typed
  Secret password;
};

class PasswordMethod {
 public:
  PasswordMethod(store::Store& store, identity::PasswordHasher& hasher, identity::Throttle& throttle, const Clock& clock);

  // Errors: kOverloaded, and the store's.
  Task<SignInAnswer> SignIn(PasswordCredentials credentials, RequestFacts facts);

 private:
  store::Store& store_;
  identity::PasswordHasher& hasher_;
  identity::Throttle& throttle_;
  const Clock& clock_;
};

}  // namespace sallyport::signin
