// SPDX-License-Identifier: Apache-2.0
// Sessions and their ends. Thread-safe; resumes on the awaiting worker; acknowledged after COMMIT.
//
// An ended session is deleted and its id written to the revocation log (with the absolute end, until which stateless
// cookies of it could still be shown) in the same transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/model/session_record.h"
#include "sallyport/model/user.h"
#include "sallyport/store/errc.h"

namespace sallyport::store {

struct SessionWithUser {
  model::SessionRecord session;
  std::optional<model::User> user;   // none for adopted sessions
};

struct Revocation {
  std::int64_t sequence = 0;         // grows by commit order, without holes that a reader could miss
  model::SessionId session_id;
  model::UserId user_id;
  model::EndReason reason{};
  Timestamp until{};                 // absolute end; the entry can be forgotten after it
  std::string sealed_tokens = {};    // what the session had at its end; told to who has ended it, and not kept
};

struct SessionTouch {
  model::SessionId id;
  Timestamp last_seen{};
  Timestamp idle_end{};
};

struct CompleteSignInCommand {
  model::SessionRecord session;
  std::optional<model::SessionId> replaces;   // the browser's former session, which dies (S1)
};

class SessionStore {
 public:
  virtual ~SessionStore() = default;

  // Inserts the session and ends the replaced one. kNotFound when the user is disabled, or is not in users — which only
  // "adopted" sessions need not be. kConflict when the id or the token hash exists, or the id stands in the revocation log:
  // what was ended never comes back (S5). Returns the revocation of the replaced one, if it was alive.
  virtual Task<std::optional<Revocation>> CompleteSignIn(CompleteSignInCommand command) = 0;

  virtual Task<std::optional<SessionWithUser>> FindByTokenHash(model::TokenHash hash) = 0;
  virtual Task<std::optional<SessionWithUser>> FindById(model::SessionId id) = 0;
  // Newest first; expired ones are left out.
  virtual Task<std::vector<model::SessionRecord>> ListForUser(model::UserId id, Timestamp now) = 0;
  // For operators: all sessions (or one user's when `user_id` is set), newest first.
  virtual Task<std::vector<SessionWithUser>> List(model::UserId user_id, std::size_t limit, Timestamp now) = 0;

  // Sessions that may be meant by a logout token: begun by `method` and of that sid or of that subject (an empty one names
  // nobody), and those of the method from before this was kept. Look into their tokens.
  virtual Task<std::vector<model::SessionId>> FindAtProvider(std::string method, model::AtProvider named) = 0;

  // last_seen and idle_end only ever grow, idle_end at most to absolute_end. Unknown ids are ignored. Coalesced by the caller.
  virtual Task<void> Touch(std::vector<SessionTouch> touches) = 0;
  // Compare-and-swap on version; returns the new version. kConflict, kNotFound.
  virtual Task<std::int64_t> UpdateClaims(model::SessionId id, std::int64_t expected_version, std::string claims_json) = 0;
  virtual Task<std::int64_t> UpdateTokens(model::SessionId id, std::int64_t expected_version, std::string sealed_tokens) = 0;

  // Ends one session; nullopt when it was not alive. With `owner`, only if it is that user's.
  virtual Task<std::optional<Revocation>> Revoke(model::SessionId id, std::optional<model::UserId> owner, model::EndReason reason) = 0;
  virtual Task<std::vector<Revocation>> RevokeAllOfUser(model::UserId id, std::optional<model::SessionId> except, model::EndReason reason) = 0;
  // Disables or enables the user; disabling ends all sessions in the same transaction. kNotFound.
  virtual Task<std::vector<Revocation>> SetUserDisabled(model::UserId id, bool disabled) = 0;
  // Sets the password, ends all sessions but `except` and deletes the user's pending "reset" and "email_change" tokens, in
  // the same transaction. kNotFound.
  virtual Task<std::vector<Revocation>> SetPassword(model::UserId id, std::string hash, std::optional<model::SessionId> except) = 0;

  // Revocations after `sequence` that still matter at `now`, in order; 0 gives all. For start-up and other nodes.
  virtual Task<std::vector<Revocation>> RevocationsSince(std::int64_t sequence, Timestamp now) = 0;
  // Deletes sessions (idle or absolute end) and revocations that ended at or before `now`; at most `limit` rows. Returns how many.
  virtual Task<std::size_t> DeleteExpired(Timestamp now, std::size_t limit) = 0;
};

}  // namespace sallyport::store
