// SPDX-License-Identifier: Apache-2.0
// One worker's sessions, by hash of the cookie value and by session id; with the revocation rules of docs/architecture.md.
//
// A hit costs one hash-table probe, no allocation and no lock. Single-threaded (its worker's).
//  * Bounded: an entry that was not used of late (second chance) and that nobody refers to leaves first. Referenced sessions
//    never leave, because their exchanges must be found when they end.
//  * Sequence: Revoke(), Forget() and Supersede() raise it; Insert() with a load that began before the current sequence is refused, so
//    that a load racing a revocation cannot bring the session back.
//  * Negative entries (unknown token) are bounded and short-lived (5 s), and die with the sequence too.
//  * Revoked ids are remembered until their `until`, for stateless cookies.
//  * Other workers and nodes may have seen a session used later than this one has. So the idle end that is known here only
//    makes the entry unusable (a miss: the store decides); the absolute end ends the session at once.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "sallyport/model/ids.h"
#include "sallyport/session/session.h"

namespace sallyport::session {

class SessionCache {
 public:
  static constexpr Duration kUnknownLife = std::chrono::seconds(5);
  // Unwritten use is reported by Sweep() this long before the idle end that the store knows.
  static constexpr Duration kWriteMargin = std::chrono::seconds(10);
  static constexpr std::size_t kMaxKeysPerSession = 4;

  explicit SessionCache(std::size_t capacity);
  ~SessionCache();

  enum class Outcome : std::uint8_t { kMiss, kHit, kKnownUnknown };
  struct Found {
    Outcome outcome = Outcome::kMiss;
    Session* session = nullptr;   // for kHit; take a SessionRef to keep it over a suspension
  };
  // A session whose absolute end has come is ended here and reported as kKnownUnknown.
  Found Find(const model::TokenHash& key, Timestamp now);
  // nullptr also after Forget().
  Session* FindById(const model::SessionId& id);

  std::uint64_t sequence() const;
  // False when the sequence has moved on since `loaded_at_sequence`, or the id is revoked: load again. An existing entry
  // of the same session id hands its live exchanges (cut when the new data does not permit them), idle_end and last_seen over; several keys may point to one session
  // (the last kMaxKeysPerSession). An entry that is current and not older (`version`) stays and gets the key: look the
  // session up by id afterwards. `key_end`: when this cookie value ends by itself (a JWE's exp).
  bool Insert(const model::TokenHash& key, SessionRef session, std::uint64_t loaded_at_sequence,
              Timestamp key_end = Timestamp::max());
  void InsertUnknown(const model::TokenHash& key, Timestamp now, std::uint64_t loaded_at_sequence);

  // Ends the session here: no key finds it, its live exchanges are cut, its id is refused until `until`.
  void Revoke(const model::SessionId& id, Timestamp until);
  bool IsRevoked(const model::SessionId& id) const;
  // The session has run out: as Revoke, but the id is not remembered and the sequence stays.
  void End(const model::SessionId& id);
  // The session changed in the store: the next request loads it again; exchanges under way go on.
  void Forget(const model::SessionId& id);
  // The same for every session.
  void ForgetAll();
  // Forget, because the store has it as `now`: exchanges under way that this does not permit are cut (S5), also when they
  // link to an old object of the session later.
  void Supersede(const model::SessionId& id, const SessionNow& now);
  // The same for every session of that user; those that `now` does not hold count as gone. Looks at all sessions: for rare
  // events.
  using SessionsNow = std::unordered_map<model::SessionId, std::shared_ptr<const SessionData>>;
  void SupersedeUser(const model::UserId& id, std::uint64_t reading, const SessionsNow& now);

  // What the store must be told, or asked, after a sweep.
  struct Due {
    std::vector<SessionRef> unwritten;  // used, and the store's idle end is near: write it
    std::vector<SessionRef> idle;       // in use by exchanges, idle by what is known here: ask the store, then End() or
                                        // move idle_end on; reported again after kUnknownLife
  };
  // Housekeeping, once a second: cuts what has reached its absolute end (S5: also streams of sessions that nobody asks
  // for), forgets old revocations. Costs what is due, not what is cached.
  void Sweep(Timestamp now, Due& due);

  std::size_t size() const;  // sessions

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::session
