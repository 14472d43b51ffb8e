// SPDX-License-Identifier: Apache-2.0
// What a person does with a password account: register, confirm, reset, change password and e-mail. Handlers call this; it
// throttles (S55), hashes on the bounded pool (S56), runs identity's flows, mails and audits (S63).
//
// Known and unknown addresses get the same answer in the same timing class from Register, RequestReset and
// RequestEmailChange (S50): the difference is which mail is sent. Sessions that a change ends are dead on every worker when
// the call returns (S5). Thread-safe; what is passed to the constructor must outlive it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"
#include "sallyport/base/secret.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/model/user.h"
#include "sallyport/signin/mail_sender.h"
#include "sallyport/signin/options.h"
#include "sallyport/signin/session_access.h"
#include "sallyport/signin/signed_in.h"
#include "sallyport/store/store.h"

namespace sallyport::identity {
class PasswordHasher;
class Throttle;
}

namespace sallyport::signin {

enum class FlowOutcome : std::uint8_t {
  kDone,            // it has happened; `user` is set where the flow signs somebody in or knows who it was
  kMailSent,        // 202 "check your mail", whoever it was
  kClosed,          // registration is closed, or mail is off: 403
  kInvalidEmail,    // 422 on the field `email`
  kInvalidName,     // 422 on the field `name`
  kWeakPassword,    // 422 on the field `password`; `reason` says why
  kWrongPassword,   // the current password does not fit: 403
  kNeedsProof,      // the link was opened in another browser: ask for the password (nothing was consumed)
  kInvalidToken,    // unknown, used or expired: 400
  kEmailTaken,      // only where the address has been proved to be the person's, or with registration = "open"
  kThrottled,       // 429; `retry_after`
};

struct FlowAnswer {
  FlowOutcome outcome = FlowOutcome::kDone;
  std::string reason;               // kWeakPassword: "too_short", "too_long", "common", "like_email"; else empty
  Duration retry_after{};
  std::optional<model::User> user;
};

class AccountFlows {
 public:
  struct Dependencies {
    const PasswordOptions& password;
    std::string site_name;            // of the pages: not to be used as a password
    store::Store& store;
    identity::PasswordHasher& hasher;
    identity::Throttle& throttle;
    MailSender& mail;
    SessionAccess& sessions;
    const crypto::DerivedKeys& keys;
    const Clock& clock;
    Random& random;
  };
  explicit AccountFlows(Dependencies dependencies);
  ~AccountFlows();

  // registration "verified": kMailSent (also for known addresses). "open": kDone with the user. "closed": kClosed.
  // `browser_binding` is a secret that only the asking browser can show again (a cookie); empty: none.
  Task<FlowAnswer> Register(std::string email, std::string name, Secret password, std::string browser_binding,
                            RequestFacts facts);
  // The token from the mail; a POST (S11). The asking browser's binding, or the password typed again, proves that it is the
  // person who registered (S54). kDone with the user: begin a session; kNeedsProof, kInvalidToken, kEmailTaken.
  Task<FlowAnswer> ConfirmRegistration(std::string token, std::string browser_binding, Secret password, RequestFacts facts);
  // Whether a confirm page should offer its button; changes nothing (S11). `purpose`: "register", "reset", "email_change".
  // The address it was mailed to, or nullopt.
  Task<std::optional<std::string>> PeekToken(std::string token, std::string purpose);

  Task<FlowAnswer> RequestReset(std::string email, RequestFacts facts);
  // Sets the password and ends every session of the user. kDone, kInvalidToken, kWeakPassword.
  Task<FlowAnswer> Reset(std::string token, Secret password, RequestFacts facts);

  // Ends all sessions but `current`. kDone, kWrongPassword, kWeakPassword, kThrottled.
  Task<FlowAnswer> ChangePassword(model::UserId user, Secret current, Secret next, model::SessionId session, RequestFacts facts);
  // Needs the current password. Mails the new address a link and the old one a notice. kMailSent, kWrongPassword,
  // kInvalidEmail, kThrottled.
  Task<FlowAnswer> RequestEmailChange(model::UserId user, std::string email, Secret current, RequestFacts facts);
  Task<FlowAnswer> ConfirmEmailChange(std::string token, RequestFacts facts);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::signin
