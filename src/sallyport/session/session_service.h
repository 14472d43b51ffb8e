// SPDX-License-Identifier: Apache-2.0
// Sessions of the whole process: begin, find, change, end. Thread-safe: called from any worker, resumes there.
//
// Ending: store commit → every worker has applied it → return (S5). Fail closed: a store that cannot answer is an error
// (kUnavailable → 503), never a signed-in guess (S60).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/async/worker_set.h"
#include "sallyport/base/random.h"
#include "sallyport/http/header_field.h"
#include "sallyport/model/user.h"
#include "sallyport/session/cookie_key.h"
#include "sallyport/session/errc.h"
#include "sallyport/session/options.h"
#include "sallyport/session/session.h"
#include "sallyport/session/session_cache.h"
#include "sallyport/session/session_cookie.h"
#include "sallyport/session/session_counters.h"
#include "sallyport/session/token_guesses.h"
#include "sallyport/store/store.h"

namespace sallyport::crypto {
class DerivedKeys;
}

namespace sallyport::session {

struct ClientInfo {
  std::string ip;
  std::string user_agent;
};

struct BeginSession {
  model::User user;
  std::string method;                       // "password", "backend"
  std::vector<std::string> amr;
  json::object claims;                      // custom claims from the method
  json::object tokens;                      // back end's own tokens; sealed before they are stored
  model::AtProvider at_provider;            // when the method is a provider
  ClientInfo client;
  std::optional<model::SessionId> replaces; // the browser's former session (S1)
};

struct BegunSession {
  model::SessionId id;
  std::string cookie_value;                 // opaque token or JWE
  Timestamp cookie_expires{};
};

// What the request's cookies say.
enum class CookieState : std::uint8_t {
  kNone,        // no session cookie
  kValid,
  kInvalid,     // there was one, and it opens nothing: clear it
  kAmbiguous,   // two different ones open, or too many to look at (S3): no session
};

struct Resolution {
  SessionRef session;                       // empty: no session
  CookieState state = CookieState::kNone;
  std::string_view cookie;                  // the value that opened it, in the request's head; empty when it came in chunks
  bool renew_cookie = false;                // jwt: the JWE is older than update_age and should be issued again
};

struct EndedSessions {
  std::size_t count = 0;                    // that were alive
  std::vector<json::object> tokens;         // that they had at their ends: to be made void where they came from
};

class SessionService {
 public:
  // Throws std::invalid_argument for keys that do not fit. What it refers to must outlive it. Destroy it when the workers
  // have stopped; the worker set itself may be destroyed afterwards.
  // `guesses`: null for no limit.
  SessionService(const SessionOptions& options, CookieNames names, store::Store& store, async::WorkerSet& workers,
                 const crypto::DerivedKeys& keys, const Clock& clock, Random& random, TokenGuesses* guesses = nullptr);
  ~SessionService();

  static constexpr std::size_t kMaxClaimsBytes = 4096;

  // Loads the revocation log; starts housekeeping (sweeps, touch flushes) on the workers.
  Task<void> Start();
  void Stop();
  // What housekeeping does once a second on each worker: on the calling worker, now.
  Task<void> Tick();

  const CookieNames& cookie_names() const;
  // As it began with; its rules may have been replaced since.
  const SessionOptions& options() const;
  // Every worker follows the new rules when it returns; sessions keep the absolute end that they began with. Blocks; not on a
  // worker.
  void SetRules(const SessionRules& rules);
  // While another process works on the store as well (an upgrade), what is cached is forgotten four times a second: so its
  // changes of claims and profiles hold here as soon as its revocations do. Blocks; not on a worker.
  void ShareStore(bool shared);
  SessionCache& cache(std::size_t worker);
  // All workers' counters together; on any thread.
  SessionTotals counts() const;

  // --- finding; on the calling worker ---------------------------------------------------------------------------------
  // Without suspension, for the hot path: true when the answer needed no store and is in `out`. `slide` counts the request
  // as use of the session (S4).
  // `key` is of an earlier request with the same Cookie field, the only one, or still unread, and is read then.
  bool TryResolve(const http::HeaderTable& head, bool slide, CookieKey& key, Resolution& out);
  bool TryResolve(const http::HeaderTable& head, bool slide, Resolution& out) {
    CookieKey key;
    return TryResolve(head, slide, key, out);
  }
  // The general case: several cookies, chunks, store reads (single-flight per token), adoption. Store trouble is an error.
  // kTooManyGuesses: `client` has shown too many unknown tokens, and one of these was never known to this process. `head` must
  // stay valid until the task has ended.
  Task<Resolution> Resolve(const http::HeaderTable& head, bool slide, http::IpAddress client);
  // Names of the session cookie and chunks in the request, for SetSessionCookies.
  std::vector<std::string> PresentCookieNames(const http::HeaderTable& head) const;

  // --- changing -------------------------------------------------------------------------------------------------------
  Task<BegunSession> Begin(BeginSession request);
  // The cookie value to send again (GET /session): the same opaque token is unknown to the server, so for "database" the
  // value is empty and the caller re-sends the one it received; for "jwt" a fresh JWE from the store's row.
  Task<BegunSession> Renew(SessionRef session);
  // Merges allow-listed keys into the custom claims (null removes one). Errc::kClaimNotAllowed, also when all claims
  // together would exceed kMaxClaimsBytes. Exchanges as in ProfileChanged. jwt: the browser's cookie still has the old ones;
  // Renew() makes the next.
  Task<void> UpdateClaims(SessionRef session, json::object changes);

  // Name, e-mail, image or groups of a user have changed in the store: their sessions are read from it with the next request
  // (jwt too: a cookie from before the change is not believed, until this process ends). When it returns, exchanges under way
  // whose policy the change fails are cut (S5); the others go on. An error: the store could not be read, and all that have a
  // policy were cut.
  Task<void> ProfileChanged(model::UserId id);

  // Back end's / provider's tokens, sealed under the session's id.
  std::string SealTokens(const model::SessionId& id, const json::object& tokens) const;
  Result<json::object> OpenTokens(const model::SessionId& id, std::string_view sealed) const;
  // Reads the session's tokens from the store (never a cached version), and replaces them: compare-and-swap on the version,
  // store::Errc::kConflict when the session has changed since. Errc::kEnded when it is gone.
  Task<std::pair<json::object, std::int64_t>> LoadTokens(model::SessionId id);
  Task<void> ReplaceTokens(model::SessionId id, std::int64_t expected_version, json::object tokens);

  // --- ending ---------------------------------------------------------------------------------------------------------
  // With `owner`, only if it is that user's.
  Task<EndedSessions> End(model::SessionId id, std::optional<model::UserId> owner, model::EndReason reason);
  Task<EndedSessions> EndAllOfUser(model::UserId id, std::optional<model::SessionId> except, model::EndReason reason);
  // Tells every worker of ends that a store command (SetPassword, SetUserDisabled, ResetPassword) has committed.
  Task<void> Announce(std::vector<store::Revocation> ended);

  // --- reading --------------------------------------------------------------------------------------------------------
  Task<std::vector<model::SessionRecord>> ListForUser(model::UserId id);

 private:
  struct State;
  Task<EndedSessions> Ended(std::vector<store::Revocation> ended);
  std::shared_ptr<State> state_;
};

}  // namespace sallyport::session
