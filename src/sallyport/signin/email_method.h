// SPDX-License-Identifier: Apache-2.0
// Sign-in by mail: a link and a code. Handlers call this; it throttles (S55), runs identity's flow, mails and audits (S63).
//
// Ask answers the same, in the same timing class, for every address that is one (S50). The link needs the asking browser or
// the address typed; the code the asking browser (S54): which mails a browser asked for is the caller's to know, by their ids.
// An address that somebody had put into an account without proving it is theirs no more: password and sessions go (S33), and
// the sessions are dead on every worker when the call returns (S5). Thread-safe; what is passed to the constructor must
// outlive it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/identity/account_tokens.h"
#include "sallyport/identity/email_signin.h"
#include "sallyport/signin/mail_sender.h"
#include "sallyport/signin/options.h"
#include "sallyport/signin/session_access.h"
#include "sallyport/signin/signed_in.h"
#include "sallyport/store/store.h"

namespace sallyport::identity {
class Throttle;
}

namespace sallyport::signin {

enum class EmailOutcome : std::uint8_t {
  kMailSent,       // whoever it was
  kSignedIn,
  kInvalidEmail,   // not an address
  kNeedsAddress,   // the link in another browser: the address is missing or does not fit
  kWrongCode,
  kInvalidToken,   // unknown, used, expired, or out of tries
  kDenied,         // the person is disabled, or newcomers are not taken: told only to whoever proved the address
  kNotLinked,      // known by another way to sign in that did not prove this address
  kThrottled,
};

struct EmailAnswer {
  EmailOutcome outcome = EmailOutcome::kInvalidToken;
  Duration retry_after{};               // kThrottled, > 0
  std::string id, email;                // kMailSent, kSignedIn: which mail
  std::optional<SignedIn> signed_in;    // kSignedIn
  std::string callback_url;             // kSignedIn: what was asked for
  bool newcomer = false;
};

class EmailMethod {
 public:
  struct Dependencies {
    const EmailSignInOptions& options;
    store::Store& store;
    identity::Throttle& throttle;
    MailSender& mail;
    SessionAccess& sessions;
    const crypto::DerivedKeys& keys;
    const Clock& clock;
    Random& random;
  };
  explicit EmailMethod(Dependencies dependencies);

  // `callback_url` was judged (S15). kMailSent, kInvalidEmail, kThrottled.
  Task<EmailAnswer> Ask(std::string typed, std::string callback_url, RequestFacts facts);
  // What a link's page may show; changes nothing (S11). nullopt: the link is not good.
  Task<std::optional<identity::EmailSignIn::Pending>> Peek(std::string token);
  // A POST. `asked`: ids of the mails that this browser asked for; `typed`: the address, needed where the link's is not among
  // them. kSignedIn, kNeedsAddress, kInvalidToken, kDenied, kNotLinked, kThrottled.
  Task<EmailAnswer> SignInByLink(std::string token, std::vector<std::string> asked, std::string typed, RequestFacts facts);
  // kSignedIn, kWrongCode, kInvalidToken, kDenied, kNotLinked, kThrottled.
  Task<EmailAnswer> SignInByCode(std::vector<std::string> asked, std::string code, RequestFacts facts);

 private:
  void Note(const RequestFacts& facts, std::string_view event, std::string_view outcome, std::string reason, std::string user_id,
            std::string email);
  std::optional<EmailAnswer> Throttled(const RequestFacts& facts);
  Task<EmailAnswer> Finish(Result<identity::EmailSignIn::Proved> proved, EmailOutcome unproved, RequestFacts facts);

  const Dependencies d_;
  identity::AccountTokens tokens_;
  identity::EmailSignIn flow_;
};

}  // namespace sallyport::signin
