// SPDX-License-Identifier: Apache-2.0
// Inside of SessionService, shared by its .cc files. A SessionWorker is touched by its worker alone; the rest is immutable or
// thread-safe.
#pragma once

#include <atomic>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sallyport/async/completion.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/crypto/sealed_box.h"
#include "sallyport/session/adoption.h"
#include "sallyport/session/changed_sessions.h"
#include "sallyport/session/known_tokens.h"
#include "sallyport/session/session_claims.h"
#include "sallyport/session/session_counters.h"
#include "sallyport/session/session_service.h"
#include "sallyport/token/next_auth_jwe.h"
#include "sallyport/token/session_csrf.h"

namespace sallyport::session {

struct TokenHashHasher {
  std::size_t operator()(const model::TokenHash& hash) const {
    std::size_t prefix;
    std::memcpy(&prefix, hash.data(), sizeof(prefix));
    return prefix;
  }
};

struct SessionWorker {
  explicit SessionWorker(std::size_t cache_entries) : cache(cache_entries) {}
  void SetRules(const SessionRules& next);

  SessionRules rules;
  Duration touch_interval{};
  SessionCache cache;
  SessionCounters counters;
  ChangedSessions changed;            // jwt only
  std::vector<SessionRef> touches;    // to be written with the next tick
  std::vector<SessionRef> writing;
  // Loads under way, and who else waits for each.
  std::unordered_map<model::TokenHash, std::vector<async::Promise<SessionRef>>, TokenHashHasher> loads;
};

struct SessionService::State : std::enable_shared_from_this<State> {
  State(const SessionOptions& options, CookieNames names, store::Store& store, async::WorkerSet& workers, const crypto::DerivedKeys& keys,
        const Clock& clock, Random& random, TokenGuesses* guesses);

  const SessionOptions& options;
  const CookieNames names;
  store::Store& store;
  async::WorkerSet& workers;
  const Clock& clock;
  Random& random;
  const token::NextAuthCodec codec;
  const token::SessionCsrf csrf;
  const crypto::SealedBox box;
  const Adoption adoption;
  std::vector<std::unique_ptr<SessionWorker>> by_worker;
  std::atomic<bool> stopping = false;
  std::atomic<std::uint64_t> readings = 0;
  TokenGuesses* const guesses;
  KnownTokens known;
  std::atomic<bool> shared = false;  // another process changes the store too
  std::int64_t last_revocation = 0;  // worker 0 only, after Start

  bool stateless() const { return options.strategy == Strategy::kJwt; }
  SessionWorker& here() { return *by_worker.at(async::WorkerSet::Current()); }
  store::SessionStore& sessions() { return store.sessions(); }

  // --- session_lookup.cc ---
  void Use(SessionWorker& worker, Session& session, bool slide, Timestamp now, Resolution& out) const;
  void QueueTouch(SessionWorker& worker, Session& session, Timestamp now) const;
  // The session that a cookie value opens; empty for none.
  Task<SessionRef> Open(std::string value, http::IpAddress client);
  Task<SessionRef> LoadOnce(model::TokenHash hash, std::string value, http::IpAddress client);
  Task<SessionRef> Load(model::TokenHash hash, std::string value);
  // The row that a cookie value leads to, and when the value ends by itself.
  struct FoundRow {
    std::optional<store::SessionWithUser> row;
    Timestamp key_end = Timestamp::max();
  };
  Task<FoundRow> FindRow(model::TokenHash hash, std::string value);
  Task<std::optional<store::SessionWithUser>> Adopt(json::object claims, std::optional<model::TokenHash> token_hash);
  SessionRef OpenStateless(SessionWorker& worker, const model::TokenHash& hash, CookieSession cookie);
  Result<SessionRef> MakeSession(const store::SessionWithUser& row) const;

  // --- session_housekeeping.cc ---
  Task<void> LoadRevocations();
  Task<void> FollowOthers();
  Task<void> Tick();
  Task<void> WriteTouches();
  Task<void> AskAboutIdle(SessionRef session);

  // --- session_changes.cc ---
  // Sessions are read anew from now on, and exchanges under way are judged by what the store says (S5). When it says nothing,
  // those that ask are cut and the error is returned.
  Task<void> UserChanged(model::UserId id);
  Task<void> SessionChanged(model::SessionId id);
  // For changes that no policy looks at.
  Task<void> ForgetEverywhere(model::SessionId id);

  // --- session_service.cc ---
  Task<void> Apply(std::vector<store::Revocation> ended);
  // The same for what this process has ended, which counts it.
  Task<void> ApplyOwn(std::vector<store::Revocation> ended);
  // Finds a session that lives now; Errc::kEnded.
  Task<store::SessionWithUser> FindAlive(model::SessionId id);
  std::string SealCookie(const SessionData& data, Timestamp now, Timestamp idle_end) const;
};

}  // namespace sallyport::session
