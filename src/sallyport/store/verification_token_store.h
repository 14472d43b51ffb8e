// SPDX-License-Identifier: Apache-2.0
// One-time tokens that travel by mail: registration, e-mail change, password reset, sign-in. Only their hash is stored, bound to
// the address they were mailed to (S54). Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/model/user.h"
#include "sallyport/store/errc.h"
#include "sallyport/store/session_store.h"

namespace sallyport::store {

struct VerificationToken {
  std::string token_hash;     // lower-case hex SHA-256
  std::string purpose;        // "register", "reset", "email_change", "email_signin"
  std::string identifier;     // the canonical address it was mailed to
  std::string user_id;        // empty for "register" and "email_signin"
  std::string payload;        // sealed by the caller (name, password hash, browser binding); may be empty
  Timestamp created_at{};
  Timestamp expires{};
  int attempts = 0;           // wrong tries so far

  bool operator==(const VerificationToken&) const = default;
};

// What became of an e-mail sign-in whose token was good. The token is consumed whatever it is.
enum class EmailSignInOutcome : std::uint8_t {
  kSignedIn,     // the user of the address, as they are
  kClaimed,      // a user of the address that nobody had proved: password and sessions are gone, the address is verified (S33)
  kCreated,      // nobody had the address, or only a user of other providers who never proved it: that one goes on without it
  kNobody,       // nobody has the address, and newcomers are not taken
  kDisabled,
  kNotLinked,    // the address is not proved, and its user is the back end's, or another provider's where newcomers are not
                 // taken: that is who they are (S33)
};

struct SignedInByEmail {
  EmailSignInOutcome outcome = EmailSignInOutcome::kNobody;
  std::optional<model::User> user;   // of the first three
  std::vector<Revocation> ended;     // announce before answering (S5)
};

class VerificationTokenStore {
 public:
  virtual ~VerificationTokenStore() = default;

  // kConflict: the hash exists, or hash or identifier is empty. At most `keep` (≥ 1) tokens of one purpose and address stay (the newest); older ones are deleted.
  virtual Task<void> Create(VerificationToken token, std::size_t keep) = 0;
  // Looks without consuming; nullopt when unknown or expired.
  virtual Task<std::optional<VerificationToken>> Find(std::string token_hash, std::string purpose, Timestamp now) = 0;
  // Reads and deletes in one step: of two callers one gets it.
  virtual Task<std::optional<VerificationToken>> Consume(std::string token_hash, std::string purpose, Timestamp now) = 0;
  // Counts a wrong try; deletes the token when `max` is reached. Returns tries so far (0: unknown).
  virtual Task<int> CountAttempt(std::string token_hash, int max) = 0;

  // Consumes the "register" token and creates the user with the token's address as a verified one, in one transaction;
  // other "register" tokens of the address go. kNotFound: token unknown or expired; kConflict: the address belongs to somebody by now (the token is consumed all the same).
  virtual Task<void> ConfirmRegistration(std::string token_hash, model::User user, std::string password_hash, Timestamp now) = 0;
  // Consumes the "reset" token, sets the password, marks the address verified, ends all sessions and deletes the user's
  // other "reset" and "email_change" tokens. kNotFound also when the user's address is not the token's any more.
  virtual Task<std::vector<Revocation>> ResetPassword(std::string token_hash, std::string password_hash, Timestamp now) = 0;
  // Consumes the "email_change" token and moves the user to the address inside the token, which counts as verified; deletes
  // the user's other "reset" and "email_change" tokens. kNotFound; kConflict (the token is consumed all the same).
  virtual Task<void> ChangeEmail(std::string token_hash, Timestamp now) = 0;

  // Consumes the "email_signin" token and finds or makes the user of the token's address, in one transaction. `newcomer`
  // (id, created_at) is made into the user when nobody has the address; nullopt: nobody is. kNotFound: unknown or expired.
  virtual Task<SignedInByEmail> SignInByEmail(std::string token_hash, std::optional<model::User> newcomer, Timestamp now) = 0;

  virtual Task<std::size_t> DeleteExpired(Timestamp now, std::size_t limit) = 0;
};

}  // namespace sallyport::store
