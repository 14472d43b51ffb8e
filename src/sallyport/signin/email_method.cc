// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/email_method.h"

#include <algorithm>

#include "sallyport/identity/email_address.h"
#include "sallyport/identity/errc.h"
#include "sallyport/identity/throttle.h"
#include "sallyport/signin/audit.h"

namespace sallyport::signin {
namespace {

using Who = store::EmailSignInOutcome;

EmailAnswer Of(EmailOutcome outcome) {
  EmailAnswer answer;
  answer.outcome = outcome;
  return answer;
}

const char* ReasonOf(Who who) {
  switch (who) {
    case Who::kNobody: return "unknown_user";
    case Who::kDisabled: return "disabled";
    case Who::kNotLinked: return "not_linked";
    case Who::kClaimed:
    case Who::kSignedIn:
    case Who::kCreated: break;
  }
  return "";
}

}  // namespace

EmailMethod::EmailMethod(Dependencies dependencies)
    : d_(std::move(dependencies)),
      tokens_(d_.store.verification_tokens(), d_.keys, d_.clock, d_.random),
      flow_(d_.store, tokens_, d_.keys, d_.options.lifetime, d_.options.allow_registration, d_.clock, d_.random) {}

void EmailMethod::Note(const RequestFacts& facts, std::string_view event, std::string_view outcome, std::string reason,
                       std::string user_id, std::string email) {
  Audit(d_.store.audit(), d_.clock, facts, {event, outcome, std::move(reason), std::move(user_id), std::move(email), "user", "email"});
}

Task<EmailAnswer> EmailMethod::Ask(std::string typed, std::string callback_url, RequestFacts facts) {
  const auto email = identity::CanonicalEmail(typed);
  if (!email) co_return Of(EmailOutcome::kInvalidEmail);
  if (const auto verdict = d_.throttle.AdmitMail(*email, facts.ip, facts.known_device); !verdict.admitted) {
    Note(facts, "signin.mail", "denied", "throttled_" + std::string(verdict.reason), {}, *email);
    EmailAnswer refused = Of(EmailOutcome::kThrottled);
    refused.retry_after = verdict.retry_after;
    co_return refused;
  }
  SALLYPORT_CO_TRY(auto asked, co_await flow_.Ask(*email, std::move(callback_url)));
  Note(facts, "signin.mail", "success", {}, {}, *email);
  asked.mail.fields["provider"] = d_.options.id;
  asked.mail.accept_language = facts.accept_language;
  SALLYPORT_CO_CHECK(co_await d_.mail.Send(std::move(asked.mail)));
  EmailAnswer answer = Of(EmailOutcome::kMailSent);
  answer.id = std::move(asked.id);
  answer.email = *email;
  co_return answer;
}

Task<std::optional<identity::EmailSignIn::Pending>> EmailMethod::Peek(std::string token) {
  using Found = std::optional<identity::EmailSignIn::Pending>;
  auto pending = co_await flow_.Peek(std::move(token));
  if (pending) co_return Found(*std::move(pending));
  if (pending.error().Is(identity::Errc::kInvalidToken)) co_return Found();
  co_return std::unexpected(std::move(pending).error());
}

std::optional<EmailAnswer> EmailMethod::Throttled(const RequestFacts& facts) {
  const auto verdict = d_.throttle.AdmitFrom(facts.ip);
  if (verdict.admitted) return std::nullopt;
  Note(facts, "signin", "denied", "throttled_" + std::string(verdict.reason), {}, {});
  EmailAnswer refused = Of(EmailOutcome::kThrottled);
  refused.retry_after = verdict.retry_after;
  return refused;
}

Task<EmailAnswer> EmailMethod::SignInByLink(std::string token, std::vector<std::string> asked, std::string typed, RequestFacts facts) {
  const auto id = identity::AccountTokens::HashOf(token);
  if (!id) co_return Of(EmailOutcome::kInvalidToken);
  std::optional<std::string> proof;
  if (std::ranges::find(asked, *id) == asked.end()) {
    if (auto refused = Throttled(facts)) co_return *std::move(refused);
    proof = std::move(typed);
  }
  auto proved = co_await flow_.ByLink(std::move(token), std::move(proof));
  co_return co_await Finish(std::move(proved), EmailOutcome::kNeedsAddress, std::move(facts));
}

Task<EmailAnswer> EmailMethod::SignInByCode(std::vector<std::string> asked, std::string code, RequestFacts facts) {
  if (asked.empty()) co_return Of(EmailOutcome::kInvalidToken);
  if (auto refused = Throttled(facts)) co_return *std::move(refused);
  auto proved = co_await flow_.ByCode(std::move(asked), std::move(code));
  co_return co_await Finish(std::move(proved), EmailOutcome::kWrongCode, std::move(facts));
}

Task<EmailAnswer> EmailMethod::Finish(Result<identity::EmailSignIn::Proved> proved, EmailOutcome unproved, RequestFacts facts) {
  if (!proved) {
    const bool needs_proof = proved.error().Is(identity::Errc::kNeedsProof);
    if (!needs_proof && !proved.error().Is(identity::Errc::kInvalidToken)) co_return std::unexpected(std::move(proved).error());
    Note(facts, "signin", "failure", needs_proof ? "wrong_proof" : "invalid_token", {}, {});
    co_return Of(needs_proof ? unproved : EmailOutcome::kInvalidToken);
  }
  store::SignedInByEmail& who = proved->who;
  if (!who.user) {
    Note(facts, "signin", "failure", ReasonOf(who.outcome), {}, proved->email);
    co_return Of(who.outcome == Who::kNotLinked ? EmailOutcome::kNotLinked : EmailOutcome::kDenied);
  }
  if (who.outcome == Who::kCreated) Note(facts, "user.create", "success", {}, who.user->id, proved->email);
  if (who.outcome == Who::kClaimed) Note(facts, "user.claim", "success", {}, who.user->id, proved->email);
  Note(facts, "signin", "success", {}, who.user->id, proved->email);
  SALLYPORT_CO_CHECK(co_await d_.sessions.Announce(std::move(who.ended)));
  EmailAnswer answer = Of(EmailOutcome::kSignedIn);
  answer.newcomer = who.outcome == Who::kCreated;
  answer.id = std::move(proved->id);
  answer.email = std::move(proved->email);
  answer.callback_url = std::move(proved->callback_url);
  SignedIn signed_in;
  signed_in.user = *std::move(who.user);
  signed_in.method = "email";
  signed_in.amr.emplace_back("otp");
  answer.signed_in = std::move(signed_in);
  co_return answer;
}

}  // namespace sallyport::signin
