// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/password_reset.h"

#include "sallyport/identity/email_address.h"

namespace sallyport::identity {

PasswordReset::PasswordReset(store::Store& store, PasswordHasher& hasher, AccountTokens& tokens, PasswordPolicy policy,
                             Duration lifetime, const Clock& clock)
    : store_(store), hasher_(hasher), tokens_(tokens), policy_(std::move(policy)), lifetime_(lifetime), clock_(clock) {}

// A token is written for unknown addresses too (it belongs to nobody and is not mailed), so that both take as long
// (S50).
Task<MailIntent> PasswordReset::Request(std::string typed) {
  const auto email = CanonicalEmail(typed);
  if (!email) co_return Fail(Errc::kInvalidEmail);
  SALLYPORT_CO_TRY(const auto found, co_await store_.users().FindByEmail(*email));
  const bool usable = found && !found->user.disabled;
  TokenRequest request{std::string(kPurposeReset), *email, usable ? found->user.id : std::string(), {}, lifetime_};
  SALLYPORT_CO_TRY(const std::string token, co_await tokens_.Issue(std::move(request)));
  if (!usable) co_return MailTo(*email, "", kMailResetUnknown);
  co_return WithLink(MailTo(*email, found->user.name.value_or(""), kMailReset), token, kPurposeReset, lifetime_);
}

Task<PasswordWasSet> PasswordReset::Reset(std::string token, Secret password) {
  SALLYPORT_CO_TRY(const ReadToken pending, co_await tokens_.Read(std::move(token), std::string(kPurposeReset)));
  if (const auto problem = JudgePassword(password.Reveal(), pending.row.identifier, policy_))
    co_return Fail(ToErrc(*problem));
  SALLYPORT_CO_TRY(std::string hash, co_await hasher_.Hash(std::move(password)));
  auto ended =
      co_await store_.verification_tokens().ResetPassword(pending.row.token_hash, std::move(hash), clock_.Now());
  if (!ended && ended.error().Is(store::Errc::kNotFound)) co_return Fail(Errc::kInvalidToken);
  if (!ended) co_return std::unexpected(std::move(ended).error());

  PasswordWasSet out;
  out.ended = *std::move(ended);
  // The change is made and its revocations must be announced, whatever this read says.
  const auto user = co_await store_.users().FindById(pending.row.user_id);
  if (user && *user) out.user = **user;
  out.user.id = pending.row.user_id;
  out.notice = MailTo(pending.row.identifier, out.user.name.value_or(""), kMailPasswordChanged);
  co_return out;
}

}  // namespace sallyport::identity
