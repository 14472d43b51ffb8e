// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/backchannel_logout.h"

#include "sallyport/base/log.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/session/errc.h"
#include "sallyport/signin/audit.h"
#include "sallyport/signin/oauth/provider_tokens.h"
#include "sallyport/store/errc.h"
#include "sallyport/token/transaction.h"

namespace sallyport::signin {
namespace {

constexpr std::string_view kUsedToken = "logout_jti";

// The row of a used token outlives the token; the second one to come finds it there.
Task<bool> UseOnce(BackchannelLogout context, const std::string& provider, const oauth::LogoutToken& token) {
  store::VerificationToken used;
  used.token_hash = token::StateHash(provider + '\n' + token.issuer + '\n' + token.jti);
  used.identifier = used.token_hash;
  used.purpose = kUsedToken;
  used.created_at = context.clock.Now();
  used.expires = token.expires;
  const auto stored = co_await context.store.verification_tokens().Create(std::move(used), 1);
  if (stored) co_return true;
  if (stored.error().Is(store::Errc::kConflict)) co_return false;
  co_return std::unexpected(stored.error());
}

enum class Match : std::uint8_t { kOther, kMeant, kContradiction };

// What the session was begun with says whose it is there. A session that knows no sid may be the one that is meant, and a
// sign-out that is missed is worse than one too many.
Match Compare(const json::object& tokens, const oauth::LogoutToken& token) {
  const model::AtProvider at = AtProviderFrom(tokens);
  if (GetString(tokens, "iss") != token.issuer) return Match::kOther;
  const bool same_sid = token.session_id == at.sid;
  if (token.subject.empty()) return same_sid ? Match::kMeant : Match::kOther;
  if (token.subject != at.subject) return same_sid && !at.sid.empty() ? Match::kContradiction : Match::kOther;
  return same_sid || token.session_id.empty() || at.sid.empty() ? Match::kMeant : Match::kOther;
}

// §2.6: a sid that is another person's makes the whole token a bad one, so all are looked at before one is ended.
Task<std::vector<model::SessionId>> Meant(BackchannelLogout context, const std::string& provider, const oauth::LogoutToken& token) {
  model::AtProvider named{token.subject, token.session_id};
  SALLYPORT_CO_TRY(const auto candidates, co_await context.store.sessions().FindAtProvider(provider, std::move(named)));
  std::vector<model::SessionId> meant;
  for (const model::SessionId& id : candidates) {
    const auto tokens = co_await context.sessions.LoadTokens(id);
    if (!tokens && tokens.error().Is(session::Errc::kEnded)) continue;
    if (!tokens) co_return std::unexpected(tokens.error());
    const Match match = Compare(tokens->first, token);
    if (match == Match::kContradiction) co_return Fail(oauth::Errc::kWrongSubject, "sid names a session of another sub");
    if (match == Match::kMeant) meant.push_back(id);
  }
  co_return meant;
}

Task<std::size_t> EndAllThatAreMeant(BackchannelLogout context, const std::string& provider, const oauth::LogoutToken& token) {
  SALLYPORT_CO_TRY(const auto meant, co_await Meant(context, provider, token));
  std::size_t ended = 0;
  for (const model::SessionId& id : meant) {
    SALLYPORT_CO_TRY(const bool one, co_await context.sessions.End(id, model::EndReason::kSignedOut));
    if (one) ++ended;
  }
  co_return ended;
}

}  // namespace

Task<std::size_t> EndByLogoutToken(BackchannelLogout context, ProviderConnection& provider, std::string logout_token, RequestFacts facts) {
  const std::string& id = provider.spec().id;
  const auto refuse = [&](std::string reason, const Error& error) {
    log::Warn("a back-channel logout was refused", {{"provider", id}, {"reason", reason}, {"error", error.ToLogString()}});
    Audit(context.store.audit(), context.clock, facts, {"signout", "denied", std::move(reason), {}, {}, "system", id});
  };
  const auto token = co_await provider.VerifyLogoutToken(std::move(logout_token));
  if (!token) {
    refuse(token.error().Is(Errc::kProviderTrouble) ? "provider_unavailable" : "bad_logout_token", token.error());
    co_return std::unexpected(token.error());
  }
  SALLYPORT_CO_TRY(const bool first_use, co_await UseOnce(context, id, *token));
  if (!first_use) {
    const Error replayed(oauth::Errc::kInvalidGrant, "the logout token was used before");
    refuse("replayed", replayed);
    co_return std::unexpected(replayed);
  }
  auto ended = co_await EndAllThatAreMeant(context, id, *token);
  if (!ended && ended.error().Is(oauth::Errc::kWrongSubject)) {
    refuse("wrong_subject", ended.error());
    co_return ended;
  }
  if (!ended) {
    // So that the provider's next try is not taken for a replay.
    const std::string hash = token::StateHash(id + '\n' + token->issuer + '\n' + token->jti);
    (void)co_await context.store.verification_tokens().Consume(hash, std::string(kUsedToken), context.clock.Now());
    co_return ended;
  }
  Audit(context.store.audit(), context.clock, facts, {"signout", "success", {}, {}, {}, "system", id});
  co_return ended;
}

}  // namespace sallyport::signin
