// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/email_signin.h"

#include <limits>

#include "sallyport/identity/email_address.h"
#include "sallyport/identity/errc.h"
#include "sallyport/identity/signin_code.h"

namespace sallyport::identity {
namespace {

const std::string kPurpose(kPurposeEmailSignIn);

std::string Text(const json::object& payload, std::string_view name) { return std::string(GetString(payload, name).value_or("")); }

}  // namespace

EmailSignIn::EmailSignIn(store::Store& store, AccountTokens& tokens, const crypto::DerivedKeys& keys, Duration lifetime,
                         bool newcomers, const Clock& clock, Random& random)
    : store_(store), tokens_(tokens), keys_(keys), lifetime_(lifetime), newcomers_(newcomers), clock_(clock), random_(random) {}

// A token is written for everybody, and nobody learns from the answer who may use theirs (S50).
Task<EmailSignIn::Asked> EmailSignIn::Ask(std::string email, std::string callback_url) {
  SALLYPORT_CO_TRY(const auto found, co_await store_.users().FindByEmail(email));
  const bool welcome = found ? !found->user.disabled : newcomers_;
  const std::string code = MintSignInCode(random_);
  const std::string token = AccountTokens::MintText(random_);
  SALLYPORT_CO_TRY(const std::string hash, AccountTokens::HashOf(token));
  TokenRequest request{kPurpose, email, {}, {}, lifetime_};
  request.kept = kKeptPerAddress;
  request.payload["code"] = HashSignInCode(keys_, hash, code);
  request.payload["callback"] = std::move(callback_url);
  SALLYPORT_CO_CHECK(co_await tokens_.Keep(token, std::move(request)));
  Asked asked;
  asked.id = hash;
  asked.mail = MailTo(email, "", welcome ? kMailSignIn : kMailSignInUnknown);
  if (welcome) {
    asked.mail = WithLink(std::move(asked.mail), token, kPurposeEmailSignIn, lifetime_);
    asked.mail.fields["code"] = ShowSignInCode(code);
  }
  co_return asked;
}

Task<EmailSignIn::Pending> EmailSignIn::Peek(std::string token) {
  SALLYPORT_CO_TRY(ReadToken read, co_await tokens_.Read(std::move(token), kPurpose));
  Pending pending;
  pending.id = std::move(read.row.token_hash);
  pending.email = std::move(read.row.identifier);
  pending.callback_url = Text(read.payload, "callback");
  co_return pending;
}

Task<EmailSignIn::Proved> EmailSignIn::ByLink(std::string token, std::optional<std::string> typed) {
  SALLYPORT_CO_TRY(ReadToken pending, co_await tokens_.Read(std::move(token), kPurpose));
  if (typed) {
    const auto email = CanonicalEmail(*typed);
    if (!email) co_return Fail(Errc::kNeedsProof);
    SALLYPORT_CO_TRY(const int tries, co_await CountTry(pending.row.token_hash));
    if (*email != pending.row.identifier) SALLYPORT_CO_CHECK(co_await WrongTry(pending.row.token_hash, tries));
  }
  co_return co_await Consume(std::move(pending));
}

Task<EmailSignIn::Proved> EmailSignIn::ByCode(std::vector<std::string> ids, std::string typed) {
  const auto code = ReadSignInCode(typed);
  bool more = false;   // tries are left
  for (const std::string& id : ids) {
    auto pending = co_await tokens_.ReadByHash(id, kPurpose);
    if (!pending && pending.error().Is(Errc::kInvalidToken)) continue;
    if (!pending) co_return std::unexpected(std::move(pending).error());
    if (!code) {
      more = true;
      continue;
    }
    // Counted before it is judged, so that parallel guesses cannot share a try.
    const auto tries = co_await CountTry(id);
    if (!tries && tries.error().Is(Errc::kInvalidToken)) continue;
    if (!tries) co_return std::unexpected(tries.error());
    if (FitsSignInCode(keys_, id, *code, Text(pending->payload, "code"))) co_return co_await Consume(*std::move(pending));
    const auto wrong = co_await WrongTry(id, *tries);
    if (!wrong.error().Is(Errc::kNeedsProof) && !wrong.error().Is(Errc::kInvalidToken)) co_return std::unexpected(wrong.error());
    more |= wrong.error().Is(Errc::kNeedsProof);
  }
  co_return Fail(more ? Errc::kNeedsProof : Errc::kInvalidToken);
}

Task<int> EmailSignIn::CountTry(std::string token_hash) {
  // Too many do not end the mail here: of parallel ones, a right one may still be on its way.
  constexpr int kNever = std::numeric_limits<int>::max();
  SALLYPORT_CO_TRY(const int tries, co_await store_.verification_tokens().CountAttempt(std::move(token_hash), kNever));
  if (tries == 0 || tries > kMaxTries) co_return Fail(Errc::kInvalidToken);
  co_return tries;
}

Task<void> EmailSignIn::WrongTry(std::string token_hash, int tries) {
  if (tries < kMaxTries) co_return Fail(Errc::kNeedsProof);
  SALLYPORT_CO_TRY([[maybe_unused]] const auto gone,
                   co_await store_.verification_tokens().Consume(std::move(token_hash), kPurpose, clock_.Now()));
  co_return Fail(Errc::kInvalidToken);
}

Task<EmailSignIn::Proved> EmailSignIn::Consume(ReadToken pending) {
  std::optional<model::User> newcomer;
  if (newcomers_) {
    newcomer.emplace();
    newcomer->id = random_.UuidV4();
    newcomer->created_at = clock_.Now();
  }
  auto who = co_await store_.verification_tokens().SignInByEmail(pending.row.token_hash, std::move(newcomer), clock_.Now());
  if (!who && who.error().Is(store::Errc::kNotFound)) co_return Fail(Errc::kInvalidToken);
  if (!who) co_return std::unexpected(std::move(who).error());
  Proved proved;
  proved.who = *std::move(who);
  proved.id = std::move(pending.row.token_hash);
  proved.email = std::move(pending.row.identifier);
  proved.callback_url = Text(pending.payload, "callback");
  co_return proved;
}

}  // namespace sallyport::identity
