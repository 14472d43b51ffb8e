// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/account_flows.h"

#include "sallyport/base/log.h"
#include "sallyport/identity/account_tokens.h"
#include "sallyport/identity/email_address.h"
#include "sallyport/identity/email_change.h"
#include "sallyport/identity/password_policy.h"
#include "sallyport/identity/password_reset.h"
#include "sallyport/identity/registration.h"
#include "sallyport/identity/throttle.h"
#include "sallyport/identity/users.h"
#include "sallyport/signin/audit.h"

namespace sallyport::signin {
namespace {

FlowAnswer Of(FlowOutcome outcome) { return {outcome, {}, {}, {}}; }

FlowAnswer Weak(identity::PasswordProblem problem) { return {FlowOutcome::kWeakPassword, identity::CodeOf(problem), {}, {}}; }

// What a person is told of an error of identity's flows; the rest stays an error.
Result<FlowAnswer> Explain(const Error& error) {
  using identity::Errc;
  if (const auto problem = identity::ProblemOf(error)) return Weak(*problem);
  if (error.Is(Errc::kInvalidEmail)) return Of(FlowOutcome::kInvalidEmail);
  if (error.Is(Errc::kInvalidName)) return Of(FlowOutcome::kInvalidName);
  if (error.Is(Errc::kWrongPassword) || error.Is(Errc::kNoSuchUser)) return Of(FlowOutcome::kWrongPassword);
  if (error.Is(Errc::kInvalidToken)) return Of(FlowOutcome::kInvalidToken);
  if (error.Is(Errc::kNeedsProof)) return Of(FlowOutcome::kNeedsProof);
  if (error.Is(Errc::kEmailTaken)) return Of(FlowOutcome::kEmailTaken);
  if (error.Is(Errc::kOverloaded)) return Fail(signin::Errc::kOverloaded);
  return std::unexpected(error);
}

}  // namespace

struct AccountFlows::State {
  explicit State(Dependencies dependencies)
      : d(std::move(dependencies)),
        policy{d.password.min_length, d.site_name},
        tokens(d.store.verification_tokens(), d.keys, d.clock, d.random),
        registration(d.store, d.hasher, tokens, policy, d.password.verify_lifetime, d.clock, d.random),
        reset(d.store, d.hasher, tokens, policy, d.password.reset_lifetime, d.clock),
        email_change(d.store, d.hasher, tokens, d.password.verify_lifetime),
        users(d.store, d.hasher, policy, d.clock, d.random) {}

  void Note(const RequestFacts& facts, std::string_view event, std::string_view outcome, std::string reason, std::string user_id = {},
            std::string email = {}) {
    Audit(d.store.audit(), d.clock, facts, {event, outcome, std::move(reason), std::move(user_id), std::move(email)});
  }
  // The refusal as an answer, audited.
  Result<FlowAnswer> Refuse(const RequestFacts& facts, std::string_view event, const Error& error, std::string user_id = {}) {
    Note(facts, event, "failure", error.code.message(), std::move(user_id));
    return Explain(error);
  }
  std::optional<FlowAnswer> Throttled(const identity::ThrottleVerdict& verdict, const RequestFacts& facts, std::string_view event) {
    if (verdict.admitted) return std::nullopt;
    Note(facts, event, "denied", "throttled_" + std::string(verdict.reason));
    return FlowAnswer{FlowOutcome::kThrottled, {}, verdict.retry_after, {}};
  }
  Task<void> Send(identity::MailIntent mail, RequestFacts facts) {
    mail.accept_language = std::move(facts.accept_language);
    co_return co_await d.mail.Send(std::move(mail));
  }
  // A notice that cannot be queued does not undo what it is about.
  Task<void> Notify(identity::MailIntent mail, RequestFacts facts) {
    const auto sent = co_await Send(std::move(mail), std::move(facts));
    if (!sent) log::Error("a notice was not queued", {{"error", sent.error().ToLogString()}});
    co_return Result<void>{};
  }
  Task<FlowAnswer> PasswordWasSet(identity::PasswordWasSet done, RequestFacts facts, std::string_view event) {
    Note(facts, event, "success", {}, done.user.id);
    SALLYPORT_CO_CHECK(co_await d.sessions.Announce(std::move(done.ended)));
    SALLYPORT_CO_CHECK(co_await Notify(std::move(done.notice), std::move(facts)));
    FlowAnswer answer;
    answer.user = std::move(done.user);
    co_return answer;
  }

  const Dependencies d;
  const identity::PasswordPolicy policy;
  identity::AccountTokens tokens;
  identity::Registration registration;
  identity::PasswordReset reset;
  identity::EmailChange email_change;
  identity::Users users;
};

AccountFlows::AccountFlows(Dependencies dependencies) : state_(std::make_unique<State>(std::move(dependencies))) {}
AccountFlows::~AccountFlows() = default;

Task<FlowAnswer> AccountFlows::Register(std::string typed, std::string name, Secret password, std::string browser_binding,
                                        RequestFacts facts) {
  auto& s = *state_;
  const bool open = s.d.password.registration == Registration::kOpen;
  if (s.d.password.registration == Registration::kClosed || (!open && !s.d.mail.enabled())) co_return Of(FlowOutcome::kClosed);
  // What the person can mend is told before it counts against a limit.
  const auto email = identity::CanonicalEmail(typed);
  if (!email) co_return Of(FlowOutcome::kInvalidEmail);
  if (!identity::CanonicalName(name)) co_return Of(FlowOutcome::kInvalidName);
  if (const auto problem = identity::JudgePassword(password.Reveal(), *email, s.policy)) co_return Weak(*problem);
  if (auto refused = s.Throttled(s.d.throttle.AdmitMail(*email, facts.ip), facts, "register")) co_return *std::move(refused);

  identity::RegistrationForm form{std::move(typed), std::move(name), std::move(password), std::move(browser_binding)};
  if (open) {
    auto user = co_await s.registration.CreateOpen(std::move(form));
    if (!user) co_return s.Refuse(facts, "register", user.error());
    s.Note(facts, "user.create", "success", {}, user->id, *email);
    FlowAnswer answer;
    answer.user = *std::move(user);
    co_return answer;
  }
  auto mail = co_await s.registration.Begin(std::move(form));
  if (!mail) co_return s.Refuse(facts, "register", mail.error());
  s.Note(facts, "register", "success", {}, {}, *email);
  SALLYPORT_CO_CHECK(co_await s.Send(*std::move(mail), facts));
  co_return Of(FlowOutcome::kMailSent);
}

Task<FlowAnswer> AccountFlows::ConfirmRegistration(std::string token, std::string browser_binding, Secret password,
                                                   RequestFacts facts) {
  auto& s = *state_;
  identity::ConfirmationProof proof{std::move(browser_binding), std::move(password)};
  auto user = co_await s.registration.Confirm(std::move(token), std::move(proof));
  if (!user) co_return s.Refuse(facts, "register.confirm", user.error());
  s.Note(facts, "user.create", "success", {}, user->id, user->email.value_or(""));
  FlowAnswer answer;
  answer.user = *std::move(user);
  co_return answer;
}

Task<std::optional<std::string>> AccountFlows::PeekToken(std::string token, std::string purpose) {
  auto read = co_await state_->tokens.Read(std::move(token), std::move(purpose));
  if (!read && read.error().Is(identity::Errc::kInvalidToken)) co_return std::optional<std::string>();
  if (!read) co_return std::unexpected(std::move(read).error());
  co_return std::optional<std::string>(std::move(read->row.identifier));
}

Task<FlowAnswer> AccountFlows::RequestReset(std::string typed, RequestFacts facts) {
  auto& s = *state_;
  if (!s.d.mail.enabled()) co_return Of(FlowOutcome::kClosed);
  const auto email = identity::CanonicalEmail(typed);
  if (!email) co_return Of(FlowOutcome::kInvalidEmail);
  if (auto refused = s.Throttled(s.d.throttle.AdmitMail(*email, facts.ip), facts, "password.reset_request")) co_return *std::move(refused);
  auto mail = co_await s.reset.Request(*email);
  if (!mail) co_return s.Refuse(facts, "password.reset_request", mail.error());
  s.Note(facts, "password.reset_request", "success", {}, {}, *email);
  SALLYPORT_CO_CHECK(co_await s.Send(*std::move(mail), facts));
  co_return Of(FlowOutcome::kMailSent);
}

Task<FlowAnswer> AccountFlows::Reset(std::string token, Secret password, RequestFacts facts) {
  auto& s = *state_;
  auto done = co_await s.reset.Reset(std::move(token), std::move(password));
  if (!done) co_return s.Refuse(facts, "password.reset", done.error());
  co_return co_await s.PasswordWasSet(*std::move(done), std::move(facts), "password.reset");
}

Task<FlowAnswer> AccountFlows::ChangePassword(model::UserId user, Secret current, Secret next, model::SessionId session,
                                              RequestFacts facts) {
  auto& s = *state_;
  // A stolen session is no way to guess the password; the account's own key, so that it locks nobody out of signing in.
  const identity::Attempt attempt{"user:" + user, facts.ip, false};
  if (auto refused = s.Throttled(s.d.throttle.Admit(attempt), facts, "password.change")) co_return *std::move(refused);
  auto done = co_await s.users.ChangePassword(user, std::move(current), std::move(next), std::move(session));
  if (!done) {
    if (done.error().Is(identity::Errc::kWrongPassword)) {
      s.d.throttle.Failed(attempt);
    } else {
      s.d.throttle.Withdraw(attempt);
    }
    co_return s.Refuse(facts, "password.change", done.error(), user);
  }
  s.d.throttle.Succeeded(attempt);
  co_return co_await s.PasswordWasSet(*std::move(done), std::move(facts), "password.change");
}

Task<FlowAnswer> AccountFlows::RequestEmailChange(model::UserId user, std::string typed, Secret current, RequestFacts facts) {
  auto& s = *state_;
  if (!s.d.mail.enabled()) co_return Of(FlowOutcome::kClosed);
  const auto email = identity::CanonicalEmail(typed);
  if (!email) co_return Of(FlowOutcome::kInvalidEmail);
  const identity::Attempt attempt{"user:" + user, facts.ip, false};
  if (auto refused = s.Throttled(s.d.throttle.Admit(attempt), facts, "email.change_request")) co_return *std::move(refused);
  if (auto refused = s.Throttled(s.d.throttle.AdmitMail(*email, facts.ip), facts, "email.change_request")) {
    s.d.throttle.Withdraw(attempt);
    co_return *std::move(refused);
  }
  auto mails = co_await s.email_change.Request(user, *email, std::move(current));
  if (!mails) {
    if (mails.error().Is(identity::Errc::kWrongPassword)) {
      s.d.throttle.Failed(attempt);
    } else {
      s.d.throttle.Withdraw(attempt);
    }
    co_return s.Refuse(facts, "email.change_request", mails.error(), user);
  }
  s.d.throttle.Succeeded(attempt);
  s.Note(facts, "email.change_request", "success", {}, user, *email);
  SALLYPORT_CO_CHECK(co_await s.Send(std::move(mails->to_new), facts));
  if (mails->to_old) SALLYPORT_CO_CHECK(co_await s.Notify(*std::move(mails->to_old), facts));
  co_return Of(FlowOutcome::kMailSent);
}

Task<FlowAnswer> AccountFlows::ConfirmEmailChange(std::string token, RequestFacts facts) {
  auto& s = *state_;
  auto user = co_await s.email_change.Confirm(std::move(token), s.d.clock.Now());
  if (!user) co_return s.Refuse(facts, "email.change", user.error());
  s.Note(facts, "email.change", "success", {}, user->id, user->email.value_or(""));
  FlowAnswer answer;
  answer.user = *std::move(user);
  co_return answer;
}

}  // namespace sallyport::signin
