// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/token_refresher.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sallyport/async/completion.h"
#include "sallyport/async/spawn.h"
#include "sallyport/async/loop.h"
#include "sallyport/base/log.h"
#include "sallyport/net/errc.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/session/errc.h"
#include "sallyport/signin/refresh_state.h"
#include "sallyport/store/errc.h"

namespace sallyport::signin {
namespace {

constexpr int kMaxRounds = 5;
constexpr Duration kLookAgainAfter = std::chrono::milliseconds(100);

bool IsFresh(const StoredTokens& tokens, Timestamp now) { return now < tokens.due; }
AccessToken HandOut(const StoredTokens& tokens) { return {tokens.access, tokens.due}; }

// What can be used when no new one is to be had: the old one while it lasts.
template <class Code>
Result<AccessToken> MakeDo(const StoredTokens& tokens, Timestamp now, Code otherwise, std::string why = {}) {
  if (tokens.expires > now) return AccessToken{tokens.access, std::min(tokens.expires, now + kRefreshAgainAfter)};
  return Fail(otherwise, std::move(why));
}

// The request may have arrived.
bool LosesTheAnswer(const Error& error) {
  return error.Is(net::Errc::kOutboundFailed) || error.Is(net::Errc::kUpstreamTimeout) || error.Is(net::Errc::kResponseTooLarge) ||
         error.Is(net::Errc::kStopped) || error.Is(oauth::Errc::kMalformed);
}

bool IsEnd(const Error& error) { return error.Is(session::Errc::kEnded) || error.Is(store::Errc::kNotFound); }

}  // namespace

struct TokenRefresher::State {
  State(std::string n, TokenIssuer& i, SessionAccess& s, const Clock& c, RefreshCounters& r)
      : name(std::move(n)), issuer(i), sessions(s), clock(c), refreshes(r) {}

  Task<StoredTokens> Load(model::SessionId id);
  // `unwanted`: new tokens that came too late for the session.
  Task<AccessToken> Refresh(model::SessionId id, json::object& unwanted);
  Task<bool> Lease(model::SessionId id, StoredTokens& tokens);
  Task<void> Note(model::SessionId id, StoredTokens tokens, RefreshState state);
  Task<AccessToken> Refused(model::SessionId id, StoredTokens tokens);
  Task<AccessToken> End(model::SessionId id);
  Task<AccessToken> NotRenewed(model::SessionId id, StoredTokens tokens, Error why);
  Task<std::optional<AccessToken>> Keep(model::SessionId id, StoredTokens used, json::object fresh);
  static Coroutine<void> Fly(std::shared_ptr<State> self, model::SessionId id, std::shared_ptr<const void> keep);

  const std::string name;
  TokenIssuer& issuer;
  SessionAccess& sessions;
  const Clock& clock;
  RefreshCounters& refreshes;
  std::mutex mutex;
  std::unordered_map<model::SessionId, std::vector<async::Promise<AccessToken>>> flights;  // who waits for one refresh
};

Task<StoredTokens> TokenRefresher::State::Load(model::SessionId id) {
  auto loaded = co_await sessions.LoadTokens(std::move(id));
  if (!loaded && loaded.error().Is(session::Errc::kEnded)) co_return Fail(Errc::kSessionEnded);
  if (!loaded) co_return std::unexpected(std::move(loaded).error());
  auto tokens = ReadStoredTokens(std::move(loaded->first), loaded->second);
  if (tokens.access.empty() || !issuer.Issued(tokens.members)) co_return Fail(Errc::kNoBackendTokens);
  co_return tokens;
}

// False: somebody else has changed the session meanwhile and the caller must look again.
Task<bool> TokenRefresher::State::Lease(model::SessionId id, StoredTokens& tokens) {
  // Whoever held an older lease has died over it: what it was told, nobody knows.
  const bool lost = tokens.state.lost || tokens.state.asking;
  tokens.SetState({.asking = true, .lost = lost, .until = clock.Now() + kRefreshLease});
  const auto leased = co_await sessions.ReplaceTokens(std::move(id), tokens.version, tokens.members);
  if (!leased && leased.error().Is(store::Errc::kConflict)) co_return false;
  if (!leased && IsEnd(leased.error())) co_return Fail(Errc::kSessionEnded);
  if (!leased) co_return std::unexpected(leased.error());
  ++tokens.version;
  co_return true;
}

// Best effort: without it the lease runs out, which is the same a little later.
Task<void> TokenRefresher::State::Note(model::SessionId id, StoredTokens tokens, RefreshState state) {
  tokens.SetState(state);
  auto noted = co_await sessions.ReplaceTokens(id, tokens.version, tokens.members);
  if (!noted && noted.error().Is(store::Errc::kConflict)) {
    auto current = co_await Load(id);
    if (current && current->SameTokens(tokens)) {
      current->SetState(state);
      noted = co_await sessions.ReplaceTokens(id, current->version, current->members);
    }
  }
  if (!noted) log::Info("the end of a refresh could not be noted", {{"session", id}, {"error", noted.error().ToLogString()}});
  co_return Result<void>{};
}

// Stores what the issuer gave. nullopt: somebody else has refreshed meanwhile and the caller must look again.
Task<std::optional<AccessToken>> TokenRefresher::State::Keep(model::SessionId id, StoredTokens used, json::object fresh) {
  auto version = used.version;
  for (int round = 0; round < kMaxRounds; ++round) {
    const auto replaced = co_await sessions.ReplaceTokens(id, version, fresh);
    if (replaced) co_return HandOut(ReadStoredTokens(std::move(fresh), version));
    if (IsEnd(replaced.error())) co_return Fail(Errc::kSessionEnded);
    if (!replaced.error().Is(store::Errc::kConflict)) {
      log::Error("refreshed tokens could not be stored", {{"issuer", name}, {"session", id}, {"error", replaced.error().ToLogString()}});
      // The issuer may have made the old refresh token void: the new ones serve this request at least, unless there is one
      // chance only. Then it is worth trying again.
      if (!issuer.must_be_asked_once()) co_return AccessToken{ReadStoredTokens(std::move(fresh), version).access, clock.Now()};
      if (round + 1 == kMaxRounds) co_return std::unexpected(replaced.error());
      co_await async::Sleep(kLookAgainAfter);
      continue;
    }
    SALLYPORT_CO_TRY(const auto current, co_await Load(id));
    if (!current.SameTokens(used)) co_return std::optional<AccessToken>();
    version = current.version;  // only the claims had changed
  }
  co_return Fail(store::Errc::kBusy, "a session changes all the time");
}

Task<AccessToken> TokenRefresher::State::End(model::SessionId id) {
  refreshes.Add(RefreshOutcome::kRefused);
  SALLYPORT_CO_CHECK(co_await sessions.End(std::move(id), model::EndReason::kExpired));
  co_return Fail(Errc::kSessionEnded);
}

// Read again after the refusal, and no sibling has put a new one there.
Task<AccessToken> TokenRefresher::State::Refused(model::SessionId id, StoredTokens tokens) {
  if (!tokens.state.lost) {
    log::Info("a refresh was refused; the session ends", {{"issuer", name}, {"session", id}});
    co_return co_await End(std::move(id));
  }
  // An answer had been lost, and with it the token that would have been good: nobody's fault, so nobody is signed out.
  refreshes.Add(RefreshOutcome::kRefused);
  log::Warn("a refresh was refused after an answer had been lost; the person has to sign in there again", {{"issuer", name}, {"session", id}});
  tokens.members.erase("refresh_token");
  const RefreshState lost{.lost = true};
  (void)co_await Note(std::move(id), tokens, lost);
  co_return MakeDo(tokens, clock.Now(), oauth::Errc::kInvalidGrant);
}

Task<AccessToken> TokenRefresher::State::NotRenewed(model::SessionId id, StoredTokens tokens, Error why) {
  refreshes.Add(RefreshOutcome::kUnavailable);
  log::Warn("tokens could not be refreshed", {{"issuer", name}, {"session", id}, {"error", why.ToLogString()}});
  if (issuer.must_be_asked_once()) {
    const bool lost = tokens.state.lost || LosesTheAnswer(why);
    const RefreshState failed{.lost = lost, .until = clock.Now() + kRefreshAgainAfter};
    (void)co_await Note(std::move(id), tokens, failed);
  }
  co_return MakeDo(tokens, clock.Now(), issuer.unavailable(), why.ToLogString());
}

Task<AccessToken> TokenRefresher::State::Refresh(model::SessionId id, json::object& unwanted) {
  std::string refused;  // the refresh token that the issuer would not take
  for (int round = 0; round < kMaxRounds;) {
    SALLYPORT_CO_TRY(auto tokens, co_await Load(id));
    const Timestamp now = clock.Now();
    if (IsFresh(tokens, now)) co_return HandOut(tokens);
    if (!refused.empty() && tokens.refresh == refused) co_return co_await Refused(std::move(id), std::move(tokens));
    if (tokens.refresh.empty()) co_return MakeDo(tokens, now, oauth::Errc::kInvalidGrant);
    if (tokens.state.until > now) {
      if (tokens.expires > now || !tokens.state.asking) co_return MakeDo(tokens, now, issuer.unavailable(), "it was asked a moment ago");
      co_await async::Sleep(kLookAgainAfter);   // another process is at it
      continue;
    }
    ++round;
    if (issuer.must_be_asked_once()) {
      const auto leased = co_await Lease(id, tokens);
      if (!leased && tokens.expires > now && !leased.error().Is(Errc::kSessionEnded)) co_return MakeDo(tokens, now, issuer.unavailable());
      if (!leased) co_return std::unexpected(leased.error());
      if (!*leased) continue;
    }
    auto fresh = co_await issuer.Renew(tokens.members);
    if (!fresh && fresh.error().Is(oauth::Errc::kInvalidGrant)) {
      refused = tokens.refresh;
      continue;
    }
    if (!fresh && fresh.error().Is(Errc::kSessionEnded)) co_return co_await End(std::move(id));
    if (!fresh) co_return co_await NotRenewed(std::move(id), std::move(tokens), std::move(fresh).error());
    refreshes.Add(RefreshOutcome::kRefreshed);
    auto kept = co_await Keep(id, std::move(tokens), *fresh);
    if (!kept && kept.error().Is(Errc::kSessionEnded)) unwanted = *std::move(fresh);
    if (!kept) co_return std::unexpected(std::move(kept).error());
    if (*kept) co_return **std::move(kept);
  }
  co_return Fail(issuer.unavailable(), "refreshing did not settle");
}

Coroutine<void> TokenRefresher::State::Fly(std::shared_ptr<State> self, model::SessionId id, [[maybe_unused]] std::shared_ptr<const void> keep) {
  // Whatever happens, nobody joins a flight that has landed; promises that die unset wake their waiters.
  struct Landing {
    State& state;
    const model::SessionId& id;
    std::vector<async::Promise<AccessToken>> Take() {
      const std::lock_guard lock(state.mutex);
      auto node = state.flights.extract(id);
      return node ? std::move(node.mapped()) : std::vector<async::Promise<AccessToken>>();
    }
    ~Landing() { Take(); }
  };
  json::object unwanted;
  {
    Landing landing{*self, id};
    const auto result = co_await self->Refresh(id, unwanted);
    for (const auto& waiter : landing.Take()) waiter.Set(result);
  }
  if (!unwanted.empty()) co_await self->issuer.Discard(std::move(unwanted));
}

TokenRefresher::TokenRefresher(std::string name, TokenIssuer& issuer, SessionAccess& sessions, const Clock& clock, RefreshCounters& counters)
    : state_(std::make_shared<State>(std::move(name), issuer, sessions, clock, counters)) {}

TokenRefresher::~TokenRefresher() = default;

Task<AccessToken> TokenRefresher::Valid(model::SessionId id, std::shared_ptr<const void> keep) {
  auto state = state_;
  SALLYPORT_CO_TRY(const auto tokens, co_await state->Load(id));
  const Timestamp now = state->clock.Now();
  if (IsFresh(tokens, now)) co_return HandOut(tokens);
  if (tokens.refresh.empty() && tokens.state.lost) co_return MakeDo(tokens, now, oauth::Errc::kInvalidGrant);
  if (tokens.refresh.empty() || !state->issuer.CanRefresh(tokens.members)) co_return AccessToken{tokens.access, now + kRefreshAgainAfter};
  const auto executor = co_await async::CurrentExecutor();
  auto [promise, future] = async::MakeCompletion<AccessToken>(executor);
  bool first = false;
  {
    const std::lock_guard lock(state->mutex);
    auto& waiters = state->flights[id];
    first = waiters.empty();
    waiters.push_back(std::move(promise));
  }
  if (first) async::Spawn(executor, State::Fly(state, id, std::move(keep)), "token refresh");
  co_return co_await std::move(future).Wait();
}

}  // namespace sallyport::signin
