// SPDX-License-Identifier: Apache-2.0
// The existing API's own tokens, kept in the session: handed out for `identity = "backend"`, refreshed in time.
//
// How one refresh is made of many requests: token_refresher.h. Here a 400, 401 or 403 is a refusal. Thread-safe; what is passed
// to the constructor must outlive it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/model/ids.h"
#include "sallyport/net/http_client.h"
#include "sallyport/signin/options.h"
#include "sallyport/signin/session_access.h"
#include "sallyport/signin/token_refresher.h"

namespace sallyport::signin {

class BackendTokens {
 public:
  // `http` must be usable from every worker (net::MakeHttpClientForWorkers).
  BackendTokens(BackendOptions options, net::HttpClient& http, SessionAccess& sessions, const Clock& clock, RefreshCounters& counters);
  ~BackendTokens();

  // TokenRefresher::Valid, for the gateway; can be refreshed with refresh_url and a refresh token.
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
