// SPDX-License-Identifier: Apache-2.0
// The tokens that a session keeps for somebody else's API: handed out for requests, refreshed in time (S35).
//
// One refresh per session in this process however many requests ask (waiters resume on their own workers). Among processes
// that share the store its compare-and-swap decides, and the loser uses the winner's tokens; where an issuer may be asked once
// only (TokenIssuer::must_be_asked_once), a lease in the tokens keeps the others from asking at all. New tokens are stored
// before they are used. Only an issuer's refusal, after a re-read of the store shows no sibling's newer tokens, ends the
// session; network trouble and 5xx never do: the old token serves while it lives, after that the error is for a 503. Tokens
// that come when the session has ended meanwhile go to nobody, and the issuer is told.
// Thread-safe; what is passed to the constructor must outlive it. docs/formats.md has the members.
#pragma once

#include <memory>
#include <string>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/base/metrics.h"
#include "sallyport/model/ids.h"
#include "sallyport/signin/errc.h"
#include "sallyport/signin/session_access.h"

namespace sallyport::signin {

inline constexpr Duration kRefreshAhead = std::chrono::seconds(30);
inline constexpr Duration kRefreshAgainAfter = std::chrono::seconds(5);    // after trouble
inline constexpr Duration kRefreshLease = std::chrono::seconds(30);        // longer than any asking takes

// A token and when it stops being usable without another look here; for the gateway's per-session header cache.
struct AccessToken {
  std::string token;
  Timestamp valid_until{};   // Timestamp::max() when it does not expire
};

// How refreshes ended: with new tokens, with a refusal, or without an answer that can be used.
enum class RefreshOutcome : std::uint8_t { kRefreshed, kRefused, kUnavailable };
using RefreshCounters = SharedCounters<RefreshOutcome, 3>;

// Who gave the tokens. Thread-safe.
class TokenIssuer {
 public:
  virtual ~TokenIssuer() = default;
  virtual bool Issued(const json::object& tokens) const = 0;
  // Issued(tokens), and it has what is needed for asking, a refresh token apart.
  virtual bool CanRefresh(const json::object& tokens) const = 0;
  // A refresh token counts once and a second use makes all void: strict rotation.
  virtual bool must_be_asked_once() const = 0;
  // The error when it cannot be reached and the old token is over; answered with 503.
  virtual Errc unavailable() const = 0;
  // What replaces `tokens`, complete. oauth::Errc::kInvalidGrant: the refresh token is void. Errc::kSessionEnded: the answer is
  // about somebody else, and the session must end now. Trouble of the HTTP client: it may have given new ones that we never saw.
  // Any other error: nothing was decided.
  virtual Task<json::object> Renew(json::object tokens) = 0;
  // Makes tokens void that came when their session had ended. Best effort.
  virtual Coroutine<void> Discard(json::object tokens) = 0;
};

class TokenRefresher {
 public:
  // `name` is for the log.
  TokenRefresher(std::string name, TokenIssuer& issuer, SessionAccess& sessions, const Clock& clock, RefreshCounters& counters);
  ~TokenRefresher();

  // A token that is valid for kRefreshAhead more (of short-lived ones, for a quarter of their life), or, when there is trouble,
  // one that has not expired yet. Without a way to refresh it is handed out as it is, expired or not: the API is the judge of
  // its own token. Errors: kNoBackendTokens, kSessionEnded, the issuer's unavailable(), oauth::Errc::
  // kInvalidGrant (the session lives, but its tokens are void and the person has to sign in there again), and the store's.
  // `keep`: what has to live until a refresh that this may begin has ended.
  Task<AccessToken> Valid(model::SessionId id, std::shared_ptr<const void> keep = nullptr);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sallyport::signin
