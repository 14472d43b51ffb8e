// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/backend_tokens.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "sallyport/async/completion.h"
#include "sallyport/async/spawn.h"
#include "sallyport/base/log.h"
#include "sallyport/session/errc.h"
#include "sallyport/store/errc.h"

namespace sallyport::signin {
namespace {

constexpr Duration kLogoutTimeout = std::chrono::seconds(5);
constexpr Duration kTryAgainAfter = std::chrono::seconds(5);
constexpr int kMaxRounds = 5;

struct Tokens {
  std::string access, refresh;
  std::optional<Timestamp> expires;
  std::int64_t version = 0;
};

Tokens Read(const json::object& object, std::int64_t version) {
  Tokens tokens;
  tokens.access = GetString(object, "access_token").value_or("");
  tokens.refresh = GetString(object, "refresh_token").value_or("");
  if (const auto at = GetInteger(object, "expires_at")) tokens.expires = FromUnixSeconds(*at);
  tokens.version = version;
  return tokens;
}

bool IsFresh(const Tokens& tokens, Timestamp now) { return !tokens.expires || *tokens.expires > now + kRefreshAhead; }

AccessToken HandOut(const Tokens& tokens) {
  return {tokens.access, tokens.expires ? *tokens.expires - kRefreshAhead : Timestamp::max()};
}

bool IsRefusal(long status) { return status == 400 || status == 401 || status == 403; }

}  // namespace

struct BackendTokens::State {
  State(BackendOptions o, net::HttpClient& h, SessionAccess& s, const Clock& c, RefreshCounters& r)
      : options(std::move(o)), http(h), sessions(s), clock(c), refreshes(r) {}

  Task<Tokens> Load(model::SessionId id);
  Task<net::OutboundResponse> AskForNew(std::string refresh_token);
  Task<AccessToken> Refresh(model::SessionId id);
  Task<std::optional<AccessToken>> Keep(model::SessionId id, Tokens used, json::object fresh);
  AccessToken MakeDo(const Tokens& tokens) const;
  static boost::asio::awaitable<void> Fly(std::shared_ptr<State> self, model::SessionId id);
  static boost::asio::awaitable<void> SayGoodbye(std::shared_ptr<State> self, std::string token);

  const BackendOptions options;
  net::HttpClient& http;
  SessionAccess& sessions;
  const Clock& clock;
  RefreshCounters& refreshes;
  std::mutex mutex;
  std::unordered_map<model::SessionId, std::vector<async::Promise<AccessToken>>> flights;  // who waits for one refresh
};

Task<Tokens> BackendTokens::State::Load(model::SessionId id) {
  auto loaded = co_await sessions.LoadTokens(std::move(id));
  if (!loaded && loaded.error().Is(session::Errc::kEnded)) co_return Fail(Errc::kSessionEnded);
  if (!loaded) co_return std::unexpected(std::move(loaded).error());
  auto tokens = Read(loaded->first, loaded->second);
  if (tokens.access.empty()) co_return Fail(Errc::kNoBackendTokens);
  co_return tokens;
}

Task<net::OutboundResponse> BackendTokens::State::AskForNew(std::string refresh_token) {
  net::OutboundRequest request;
  request.method = "POST";
  request.url = options.refresh_url;
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  request.body = json::serialize(json::object{{options.refresh_field, refresh_token}});
  request.timeout = options.timeout;
  request.allow_private = true;  // the operator named it
  co_return co_await http.Send(std::move(request));
}

// What can be used when no new one is to be had: the old one while it lasts.
AccessToken BackendTokens::State::MakeDo(const Tokens& tokens) const {
  return {tokens.access, std::min(*tokens.expires, clock.Now() + kTryAgainAfter)};
}

// Stores what the back end gave. nullopt: somebody else has refreshed meanwhile and the caller must look again.
Task<std::optional<AccessToken>> BackendTokens::State::Keep(model::SessionId id, Tokens used, json::object fresh) {
  auto version = used.version;
  for (int round = 0; round < kMaxRounds; ++round) {
    const auto replaced = co_await sessions.ReplaceTokens(id, version, fresh);
    if (replaced) co_return HandOut(Read(fresh, version));
    if (replaced.error().Is(session::Errc::kEnded) || replaced.error().Is(store::Errc::kNotFound)) co_return Fail(Errc::kSessionEnded);
    if (!replaced.error().Is(store::Errc::kConflict)) {
      // The back end may have made the old refresh token void: the new ones serve this request at least.
      log::Error("refreshed tokens could not be stored", {{"session", id}, {"error", replaced.error().ToLogString()}});
      auto unsaved = Read(fresh, version);
      co_return AccessToken{std::move(unsaved.access), clock.Now()};
    }
    SALLYPORT_CO_TRY(const auto current, co_await Load(id));
    if (current.access != used.access || current.refresh != used.refresh) co_return std::optional<AccessToken>();
    version = current.version;  // only the claims had changed
  }
  co_return Fail(store::Errc::kBusy, "a session changes all the time");
}

Task<AccessToken> BackendTokens::State::Refresh(model::SessionId id) {
  std::string refused;  // the refresh token that the back end would not take
  for (int round = 0; round < kMaxRounds; ++round) {
    SALLYPORT_CO_TRY(const auto tokens, co_await Load(id));
    if (IsFresh(tokens, clock.Now())) co_return HandOut(tokens);
    if (!refused.empty() && tokens.refresh == refused) {
      // Read again after the refusal, and no sibling has put a new one there (S35).
      refreshes.Add(RefreshOutcome::kRefused);
      log::Info("the back end refused to refresh; the session ends", {{"session", id}});
      SALLYPORT_CO_CHECK(co_await sessions.End(id, model::EndReason::kExpired));
      co_return Fail(Errc::kSessionEnded);
    }
    const auto response = co_await AskForNew(tokens.refresh);
    if (response && IsRefusal(response->status)) {
      refused = tokens.refresh;
      continue;
    }
    std::optional<json::object> fresh;
    if (response && response->status >= 200 && response->status < 300) {
      if (const auto answer = ParseJsonObject(response->body)) fresh = TokensFromAnswer(options, *answer, clock.Now(), tokens.refresh);
    }
    if (!fresh) {
      refreshes.Add(RefreshOutcome::kUnavailable);
      const auto why = response ? "status " + std::to_string(response->status) : response.error().ToLogString();
      log::Warn("the back end's tokens could not be refreshed", {{"session", id}, {"error", why}});
      if (*tokens.expires > clock.Now()) co_return MakeDo(tokens);
      co_return Fail(Errc::kBackendUnavailable, why);
    }
    refreshes.Add(RefreshOutcome::kRefreshed);
    SALLYPORT_CO_TRY(auto kept, co_await Keep(id, tokens, *std::move(fresh)));
    if (kept) co_return *std::move(kept);
  }
  co_return Fail(Errc::kBackendUnavailable, "refreshing did not settle");
}

boost::asio::awaitable<void> BackendTokens::State::Fly(std::shared_ptr<State> self, model::SessionId id) {
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
  } landing{*self, id};
  const auto result = co_await self->Refresh(id);
  for (const auto& waiter : landing.Take()) waiter.Set(result);
}

boost::asio::awaitable<void> BackendTokens::State::SayGoodbye(std::shared_ptr<State> self, std::string token) {
  net::OutboundRequest request;
  request.method = "POST";
  request.url = self->options.logout_url;
  request.headers = {{"Authorization", "Bearer " + token}, {"Accept", "application/json"}};
  request.timeout = std::min(self->options.timeout, kLogoutTimeout);
  request.allow_private = true;
  const auto response = co_await self->http.Send(std::move(request));
  if (!response) log::Warn("the back end was not told of a sign-out", {{"error", response.error().ToLogString()}});
}

BackendTokens::BackendTokens(BackendOptions options, net::HttpClient& http, SessionAccess& sessions, const Clock& clock,
                             RefreshCounters& counters)
    : state_(std::make_shared<State>(std::move(options), http, sessions, clock, counters)) {}

BackendTokens::~BackendTokens() = default;

Task<AccessToken> BackendTokens::Valid(model::SessionId id) {
  auto state = state_;
  SALLYPORT_CO_TRY(const auto tokens, co_await state->Load(id));
  if (IsFresh(tokens, state->clock.Now())) co_return HandOut(tokens);
  if (tokens.refresh.empty() || state->options.refresh_url.empty()) {
    co_return AccessToken{tokens.access, state->clock.Now() + kTryAgainAfter};
  }
  const auto executor = co_await async::CurrentExecutor();
  auto [promise, future] = async::MakeCompletion<AccessToken>(executor);
  bool first = false;
  {
    const std::lock_guard lock(state->mutex);
    auto& waiters = state->flights[id];
    first = waiters.empty();
    waiters.push_back(std::move(promise));
  }
  if (first) async::Spawn(executor, State::Fly(state, id), "backend token refresh");
  co_return co_await std::move(future).Wait();
}

Task<std::string> BackendTokens::ValidAccessToken(model::SessionId id) {
  SALLYPORT_CO_TRY(auto token, co_await Valid(std::move(id)));
  co_return std::move(token.token);
}

Task<void> BackendTokens::SignOut(model::SessionId id) {
  auto state = state_;
  if (state->options.logout_url.empty()) co_return Result<void>{};
  const auto tokens = co_await state->Load(std::move(id));
  if (tokens) async::Spawn(co_await async::CurrentExecutor(), State::SayGoodbye(state, tokens->access), "backend sign-out");
  co_return Result<void>{};
}

}  // namespace sallyport::signin
