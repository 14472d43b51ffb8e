// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/backchannel_logout.h"

#include "sallyport/base/log.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/session/errc.h"
#include "sallyport/signin/audit.h"
#include "sallyport/store/errc.h"
#include "sallyport/token/transaction.h"

namespace sallyport::signin {
namespace {

constexpr std::string_view kUsedToken = "logout_jti";
constexpr std::size_t kMostSessions = 1'000'000;

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

// Sessions that may be meant. By the account where the token names the person by it; without one, all there are.
Task<std::vector<model::SessionRecord>> Candidates(BackchannelLogout context, std::string provider, std::string subject) {
  const Timestamp now = context.clock.Now();
  if (!subject.empty()) {
    SALLYPORT_CO_TRY(const auto user, co_await context.store.users().FindByAccount(std::move(provider), std::move(subject)));
    if (user) co_return co_await context.store.sessions().ListForUser(user->id, now);
  }
  const model::UserId anybody;
  SALLYPORT_CO_TRY(auto all, co_await context.store.sessions().List(anybody, kMostSessions, now));
  std::vector<model::SessionRecord> out;
  for (auto& one : all) out.push_back(std::move(one.session));
  co_return out;
}

bool IsMeant(const json::object& tokens, const oauth::LogoutToken& token) {
  const auto is = [&](std::string_view name, const std::string& value) { return GetString(tokens, name) == value; };
  if (!is("iss", token.issuer)) return false;
  if (!token.subject.empty() && !is("sub", token.subject)) return false;
  return token.session_id.empty() || is("sid", token.session_id);
}

// What the session was begun with says whose it is there.
Task<bool> EndIfMeant(BackchannelLogout context, model::SessionId id, const oauth::LogoutToken& token) {
  const auto tokens = co_await context.sessions.LoadTokens(id);
  if (!tokens && tokens.error().Is(session::Errc::kEnded)) co_return false;
  if (!tokens) co_return std::unexpected(tokens.error());
  if (!IsMeant(tokens->first, token)) co_return false;
  co_return co_await context.sessions.End(std::move(id), model::EndReason::kSignedOut);
}

Task<std::size_t> EndAllThatAreMeant(BackchannelLogout context, const std::string& provider, const oauth::LogoutToken& token) {
  SALLYPORT_CO_TRY(const auto candidates, co_await Candidates(context, provider, token.subject));
  std::size_t ended = 0;
  for (const model::SessionRecord& session : candidates) {
    if (session.method != provider) continue;
    SALLYPORT_CO_TRY(const bool one, co_await EndIfMeant(context, session.id, token));
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
