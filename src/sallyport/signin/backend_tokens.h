// SPDX-License-Identifier: Apache-2.0
// The existing API's own tokens, kept in the session: handed out for `identity = "backend"`, refreshed in time.
//
// One refresh per session in this process however many requests ask (waiters resume on their own workers), and one that
// counts among nodes: the store's compare-and-swap decides, the loser uses the winner's tokens (S35). Only a 400, 401 or
// 403 answer to a refresh, after a re-read of the store shows that no sibling has refreshed meanwhile, ends the session;
// network trouble and 5xx never do. Thread-safe; what is passed to the constructor must outlive it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/base/metrics.h"
#include "sallyport/model/ids.h"
#include "sallyport/net/http_client.h"
#include "sallyport/signin/errc.h"
#include "sallyport/signin/options.h"
#include "sallyport/signin/session_access.h"

namespace sallyport::signin {

inline constexpr Duration kRefreshAhead = std::chrono::seconds(30);

// A token and when it stops being usable without another look here; for the gateway's per-session header cache.
struct AccessToken {
  std::string token;
  Timestamp valid_until{};   // Timestamp::max() when it does not expire
};

// How refreshes ended: with new tokens, with a refusal that ended the session, or without an answer that can be used.
enum class RefreshOutcome : std::uint8_t { kRefreshed, kRefused, kUnavailable };
using RefreshCounters = SharedCounters<RefreshOutcome, 3>;

class BackendTokens {
 public:
  // `http` must be usable from every worker (net::MakeHttpClientForWorkers).
  BackendTokens(BackendOptions options, net::HttpClient& http, SessionAccess& sessions, const Clock& clock, RefreshCounters& counters);
  ~BackendTokens();

  // A token that is valid for kRefreshAhead more, or, when the back end cannot be reached, one that has not expired yet.
  // Without refresh_url or refresh token it is handed out as it is, expired or not: the API is the judge of its own token.
  // Errors: kNoBackendTokens, kSessionEnded, kBackendUnavailable, and the store's.
  Task<AccessToken> Valid(model::SessionId id);
  Task<std::string> ValidAccessToken(model::SessionId id);

  // Best effort: tells the API that the person signs out. Call it before the session ends (the tokens go with it); returns
  // once the tokens are read, the request itself goes on by itself. Never an error.
  Task<void> SignOut(model::SessionId id);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// {access_token, refresh_token, expires_at} from an answer by the configured paths: expires_in, else the `exp` of an access
// token that is a JWT (read without verifying: only timing hangs on it), else it does not expire. `former_refresh_token` is
// kept when the answer has no new one. nullopt: no access token in it.
std::optional<json::object> TokensFromAnswer(const BackendOptions& options, const json::object& answer, Timestamp now,
                                             std::string_view former_refresh_token = {});

}  // namespace sallyport::signin
