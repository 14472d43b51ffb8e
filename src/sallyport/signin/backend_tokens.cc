// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/backend_tokens.h"

#include <algorithm>

#include "sallyport/async/spawn.h"
#include "sallyport/base/log.h"
#include "sallyport/oauth/errc.h"

namespace sallyport::signin {
namespace {

constexpr Duration kLogoutTimeout = std::chrono::seconds(5);

bool IsRefusal(long status) { return status == 400 || status == 401 || status == 403; }

}  // namespace

struct BackendTokens::State final : TokenIssuer {
  State(BackendOptions o, net::HttpClient& h, SessionAccess& s, const Clock& c, RefreshCounters& r)
      : options(std::move(o)), http(h), sessions(s), clock(c), refresher("the back end", *this, s, c, r) {}

  // A provider's tokens are for the provider's API.
  bool Issued(const json::object& tokens) const override { return !tokens.contains("provider"); }
  bool CanRefresh(const json::object&) const override { return !options.refresh_url.empty(); }
  bool must_be_asked_once() const override { return false; }
  Errc unavailable() const override { return Errc::kBackendUnavailable; }
  Task<json::object> Renew(json::object tokens) override;
  Coroutine<void> Discard(json::object tokens) override;
  Coroutine<void> SayGoodbye(std::string token);
  static Coroutine<void> SpawnedGoodbye(std::shared_ptr<State> self, std::string token);

  const BackendOptions options;
  net::HttpClient& http;
  SessionAccess& sessions;
  const Clock& clock;
  TokenRefresher refresher;
};

Task<json::object> BackendTokens::State::Renew(json::object tokens) {
  const std::string refresh_token(GetString(tokens, "refresh_token").value_or(""));
  net::OutboundRequest request;
  request.method = "POST";
  request.url = options.refresh_url;
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  request.body = json::serialize(json::object{{options.refresh_field, refresh_token}});
  request.timeout = options.timeout;
  request.allow_private = true;  // the operator named it
  SALLYPORT_CO_TRY(const auto response, co_await http.Send(std::move(request)));
  const std::string status = "status " + std::to_string(response.status);
  if (IsRefusal(response.status)) co_return Fail(oauth::Errc::kInvalidGrant, status);
  if (response.status < 200 || response.status >= 300) co_return Fail(Errc::kBackendUnavailable, status);
  const auto answer = ParseJsonObject(response.body);
  auto fresh = answer ? TokensFromAnswer(options, *answer, clock.Now(), refresh_token) : std::nullopt;
  if (!fresh) co_return Fail(Errc::kBackendUnavailable, status + ", without an access token");
  co_return *std::move(fresh);
}

Coroutine<void> BackendTokens::State::SayGoodbye(std::string token) {
  net::OutboundRequest request;
  request.method = "POST";
  request.url = options.logout_url;
  request.headers = {{"Authorization", "Bearer " + token}, {"Accept", "application/json"}};
  request.timeout = std::min(options.timeout, kLogoutTimeout);
  request.allow_private = true;
  const auto response = co_await http.Send(std::move(request));
  if (!response) log::Warn("the back end was not told of a sign-out", {{"error", response.error().ToLogString()}});
}

Coroutine<void> BackendTokens::State::SpawnedGoodbye(std::shared_ptr<State> self, std::string token) {
  co_await self->SayGoodbye(std::move(token));
}

Coroutine<void> BackendTokens::State::Discard(json::object tokens) {
  if (!options.logout_url.empty()) co_await SayGoodbye(std::string(GetString(tokens, "access_token").value_or("")));
}

BackendTokens::BackendTokens(BackendOptions options, net::HttpClient& http, SessionAccess& sessions, const Clock& clock,
                             RefreshCounters& counters)
    : state_(std::make_shared<State>(std::move(options), http, sessions, clock, counters)) {}

BackendTokens::~BackendTokens() = default;

Task<AccessToken> BackendTokens::Valid(model::SessionId id) { return state_->refresher.Valid(std::move(id), state_); }

Task<std::string> BackendTokens::ValidAccessToken(model::SessionId id) {
  SALLYPORT_CO_TRY(auto token, co_await Valid(std::move(id)));
  co_return std::move(token.token);
}

Task<void> BackendTokens::SignOut(model::SessionId id) {
  auto state = state_;
  if (state->options.logout_url.empty()) co_return Result<void>{};
  const auto loaded = co_await state->sessions.LoadTokens(std::move(id));
  if (!loaded || !state->Issued(loaded->first)) co_return Result<void>{};
  std::string token(GetString(loaded->first, "access_token").value_or(""));
  if (!token.empty()) async::Spawn(co_await async::CurrentExecutor(), State::SpawnedGoodbye(state, std::move(token)), "backend sign-out");
  co_return Result<void>{};
}

}  // namespace sallyport::signin
