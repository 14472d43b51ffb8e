// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/email_change.h"

#include "sallyport/identity/email_address.h"

namespace sallyport::identity {

EmailChange::EmailChange(store::Store& store, PasswordHasher& hasher, AccountTokens& tokens, Duration lifetime)
    : store_(store), hasher_(hasher), tokens_(tokens), lifetime_(lifetime) {}

Task<EmailChangeMails> EmailChange::Request(model::UserId id, std::string typed, Secret current) {
  const auto email = CanonicalEmail(typed);
  if (!email) co_return Fail(Errc::kInvalidEmail);
  SALLYPORT_CO_TRY(const auto found, co_await store_.users().FindWithPassword(id));
  if (!found) co_return Fail(Errc::kNoSuchUser);
  SALLYPORT_CO_TRY(const PasswordCheck check, co_await hasher_.Verify(std::move(current), found->password_hash));
  if (!check.matches) co_return Fail(Errc::kWrongPassword);

  // Written also when somebody else has the address, so that both take as long (S50); that token is never mailed.
  SALLYPORT_CO_TRY(const auto owner, co_await store_.users().FindByEmail(*email));
  const bool taken = owner && owner->user.id != id;
  TokenRequest request{std::string(kPurposeEmailChange), *email, taken ? std::string() : id, {}, lifetime_};
  SALLYPORT_CO_TRY(const std::string token, co_await tokens_.Issue(std::move(request)));

  const std::string name = found->user.name.value_or("");
  EmailChangeMails mails;
  mails.to_new = taken ? MailTo(*email, "", kMailEmailChangeTaken)
                       : WithLink(MailTo(*email, name, kMailEmailChange), token, kPurposeEmailChange, lifetime_);
  if (found->user.email && *found->user.email != *email) {
    mails.to_old = MailTo(*found->user.email, name, kMailEmailChangeNotice);
    mails.to_old->fields["new_email"] = *email;
  }
  co_return mails;
}

Task<model::User> EmailChange::Confirm(std::string token, Timestamp now) {
  SALLYPORT_CO_TRY(const ReadToken pending, co_await tokens_.Read(std::move(token), std::string(kPurposeEmailChange)));
  auto changed = co_await store_.verification_tokens().ChangeEmail(pending.row.token_hash, now);
  if (!changed && changed.error().Is(store::Errc::kNotFound)) co_return Fail(Errc::kInvalidToken);
  if (!changed && changed.error().Is(store::Errc::kConflict)) co_return Fail(Errc::kEmailTaken);
  if (!changed) co_return std::unexpected(std::move(changed).error());
  SALLYPORT_CO_TRY(const auto user, co_await store_.users().FindById(pending.row.user_id));
  if (!user) co_return Fail(Errc::kNoSuchUser);
  co_return *user;
}

}  // namespace sallyport::identity
