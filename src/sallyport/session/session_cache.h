// SPDX-License-Identifier: Apache-2.0
// One worker's sessions, by hash of the cookie value and by session id; with the revocation rules of docs/architecture.md.
//
// A hit costs one hash-table probe, no allocation and no lock. Single-threaded (its worker's).
//  * Bounded: the least recently used entry without references leaves first.
//  * Sequence: Revoke() and Forget() raise it; Insert() with a load that began before the current sequence is refused, so
//    that a load racing a revocation cannot bring the session back.
//  * Negative entries (unknown token) are bounded and short-lived (5 s), and die with the sequence too.
//  * Revoked ids are remembered until their `until`, for stateless cookies.
#pragma once

#include <cstdint>
#include <memory>

#include "sallyport/model/ids.h"
#include "sallyport/session/session.h"

namespace sallyport::session {

class SessionCache {
 public:
  explicit SessionCache(std::size_t capacity);
  ~SessionCache();

  enum class Outcome : std::uint8_t { kMiss, kHit, kKnownUnknown };
  struct Found {
    Outcome outcome = Outcome::kMiss;
    Session* session = nullptr;   // for kHit; take a SessionRef to keep it over a suspension
  };
  // Expired sessions (idle or absolute) are ended and reported as kKnownUnknown.
  Found Find(const model::TokenHash& key, Timestamp now);
  Session* FindById(const model::SessionId& id);

  std::uint64_t sequence() const;
  // False when the sequence has moved on since `loaded_at_sequence`, or the id is revoked: load again. An existing entry
  // of the same session id hands its live exchanges, idle_end and last_seen over; several keys may point to one session.
  bool Insert(const model::TokenHash& key, SessionRef session, std::uint64_t loaded_at_sequence);
  void InsertUnknown(const model::TokenHash& key, Timestamp now, std::uint64_t loaded_at_sequence);

  // Ends the session here: no key finds it, its live exchanges are cut, its id is refused until `until`.
  void Revoke(const model::SessionId& id, Timestamp until);
  bool IsRevoked(const model::SessionId& id) const;
  // The session changed in the store: the next request loads it again; exchanges under way go on.
  void Forget(const model::SessionId& id);
  // Housekeeping, once a second: cuts what ran out (S5: also streams of sessions that nobody asks for), forgets old
  // negative entries and revocations.
  void Sweep(Timestamp now);

  std::size_t size() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::session
