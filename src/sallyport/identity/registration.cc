// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/registration.h"

#include <algorithm>

#include "sallyport/base/hex.h"
#include "sallyport/crypto/constant_time.h"
#include "sallyport/crypto/digest.h"
#include "sallyport/identity/email_address.h"
#include "sallyport/identity/utf8.h"

namespace sallyport::identity {
namespace {

constexpr int kMaxProofTries = 5;

std::string HashOfBinding(std::string_view binding) { return EncodeHex(crypto::AsView(crypto::Sha256(binding))); }

// An absent binding equals nothing, not even another absent one (S44).
bool BindingFits(const json::object& payload, std::string_view binding) {
  const auto expected = GetString(payload, "binding");
  return !binding.empty() && expected && !expected->empty() && crypto::Equal(*expected, HashOfBinding(binding));
}

std::optional<std::string> OptionalName(std::string_view name) {
  if (name.empty()) return std::nullopt;
  return std::string(name);
}

}  // namespace

Result<std::string> CanonicalName(std::string_view typed) {
  const auto begin = std::min(typed.find_first_not_of(" \t"), typed.size());
  typed = typed.substr(begin, typed.find_last_not_of(" \t") + 1 - begin);
  if (typed.size() > kMaxNameBytes) return Fail(Errc::kInvalidName);
  for (std::string_view rest = typed; !rest.empty();) {
    const auto c = TakeCodePoint(rest);
    const bool control = !c || *c < 0x20 || (*c >= 0x7f && *c <= 0x9f);
    // What turns the direction of text could make a name in a mail or a list read as something else.
    const bool direction =
        c && ((*c >= 0x200e && *c <= 0x200f) || (*c >= 0x2028 && *c <= 0x202e) || (*c >= 0x2066 && *c <= 0x2069));
    if (control || direction) return Fail(Errc::kInvalidName);
  }
  return std::string(typed);
}

Registration::Registration(store::Store& store, PasswordHasher& hasher, AccountTokens& tokens, PasswordPolicy policy,
                           Duration lifetime, const Clock& clock, Random& random)
    : store_(store),
      hasher_(hasher),
      tokens_(tokens),
      policy_(std::move(policy)),
      lifetime_(lifetime),
      clock_(clock),
      random_(random) {}

Task<Registration::Judged> Registration::Judge(std::string typed_email, std::string typed_name, Secret password) {
  auto email = CanonicalEmail(typed_email);
  if (!email) co_return Fail(Errc::kInvalidEmail);
  SALLYPORT_CO_TRY(std::string name, CanonicalName(typed_name));
  if (const auto problem = JudgePassword(password.Reveal(), *email, policy_)) co_return Fail(ToErrc(*problem));
  SALLYPORT_CO_TRY(std::string hash, co_await hasher_.Hash(std::move(password)));
  co_return Judged{*std::move(email), std::move(name), std::move(hash)};
}

// Known and unknown addresses take the same steps, the token that will never be mailed included (S50).
Task<MailIntent> Registration::Begin(RegistrationForm form) {
  SALLYPORT_CO_TRY(Judged judged,
                   co_await Judge(std::move(form.email), std::move(form.name), std::move(form.password)));
  SALLYPORT_CO_TRY(const auto known, co_await store_.users().FindByEmail(judged.email));
  TokenRequest request{std::string(kPurposeRegister), judged.email, {}, {}, lifetime_};
  request.payload["name"] = judged.name;
  request.payload["hash"] = judged.password_hash;
  request.payload["binding"] = form.browser_binding.empty() ? std::string() : HashOfBinding(form.browser_binding);
  SALLYPORT_CO_TRY(const std::string token, co_await tokens_.Issue(std::move(request)));
  if (known) co_return MailTo(judged.email, known->user.name.value_or(""), kMailRegisterKnown);
  co_return WithLink(MailTo(judged.email, judged.name, kMailRegister), token, kPurposeRegister, lifetime_);
}

Task<void> Registration::Prove(const ReadToken& pending, ConfirmationProof proof) {
  if (BindingFits(pending.payload, proof.browser_binding)) co_return Result<void>();
  if (proof.password.empty()) co_return Fail(Errc::kNeedsProof);
  const std::string hash(GetString(pending.payload, "hash").value_or(""));
  // Counted before it is judged, so that parallel guesses cannot share a try.
  SALLYPORT_CO_TRY(const int tries,
                   co_await store_.verification_tokens().CountAttempt(pending.row.token_hash, kMaxProofTries + 1));
  if (tries == 0 || tries > kMaxProofTries) co_return Fail(Errc::kInvalidToken);
  SALLYPORT_CO_TRY(const PasswordCheck check, co_await hasher_.Verify(std::move(proof.password), hash));
  if (!check.matches) co_return Fail(Errc::kNeedsProof);
  co_return Result<void>();
}

Task<model::User> Registration::Confirm(std::string token, ConfirmationProof proof) {
  SALLYPORT_CO_TRY(const ReadToken pending, co_await tokens_.Read(std::move(token), std::string(kPurposeRegister)));
  SALLYPORT_CO_CHECK(co_await Prove(pending, std::move(proof)));
  model::User user;
  user.id = random_.UuidV4();
  user.name = OptionalName(GetString(pending.payload, "name").value_or(""));
  user.email = pending.row.identifier;
  user.created_at = clock_.Now();
  user.email_verified = user.created_at;
  const std::string hash(GetString(pending.payload, "hash").value_or(""));
  auto confirmed =
      co_await store_.verification_tokens().ConfirmRegistration(pending.row.token_hash, user, hash, user.created_at);
  if (confirmed) co_return user;
  if (confirmed.error().Is(store::Errc::kNotFound)) co_return Fail(Errc::kInvalidToken);
  if (confirmed.error().Is(store::Errc::kConflict)) co_return Fail(Errc::kEmailTaken);
  co_return std::unexpected(std::move(confirmed).error());
}

Task<model::User> Registration::CreateOpen(RegistrationForm form) {
  SALLYPORT_CO_TRY(Judged judged,
                   co_await Judge(std::move(form.email), std::move(form.name), std::move(form.password)));
  model::User user;
  user.id = random_.UuidV4();
  user.name = OptionalName(judged.name);
  user.email = judged.email;
  user.created_at = clock_.Now();
  auto created = co_await store_.users().Create(user, judged.password_hash);
  if (created) co_return user;
  if (created.error().Is(store::Errc::kConflict)) co_return Fail(Errc::kEmailTaken);
  co_return std::unexpected(std::move(created).error());
}

}  // namespace sallyport::identity
