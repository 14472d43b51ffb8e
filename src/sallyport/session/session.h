// SPDX-License-Identifier: Apache-2.0
// A live session as one worker sees it: what requests are judged by and what upstreams are told.
//
// Not thread-safe and not shared between threads: every worker has its own copy, found through its SessionCache. The data
// part does not change while a reference is held; a change in the store makes a new object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/model/ids.h"
#include "sallyport/session/live_exchanges.h"

namespace sallyport::session {

struct SessionData {
  model::SessionId id;
  model::UserId user_id;
  std::optional<std::string> name, email, image;
  bool email_verified = false;
  std::vector<std::string> groups;      // sorted
  std::string method;
  std::vector<std::string> amr;
  Timestamp auth_time{}, absolute_end{};
  json::object claims;                  // custom claims
  std::string sealed_tokens;            // database strategy: from the row; jwt: empty, fetched when an upstream needs it
  std::int64_t version = 1;
  std::string csrf_token;               // session-bound, base64url (token/session_csrf.h)
};

// A header block that was made for this session and one upstream, and may be reused until `valid_until`.
struct IdentityBlock {
  std::string block;                    // "Authorization: Bearer …\r\n"
  Timestamp valid_until{};
  std::uint64_t made_with = 0;          // which configuration and signing keys made it; 0: none
};

// Kept for the gateway (handlers/session_answer.h), which makes it from SessionData.
struct Rendered {
  std::string user;                     // JSON, up to the value of "expires"
  std::uint32_t made_with = 0;          // which configuration made it; 0: none
  std::string cookie_attributes;        // of the session cookie, for `cookie_expires`
  Timestamp cookie_expires{};
};

class Session {
 public:
  explicit Session(SessionData d) : data(std::move(d)) {}
  const SessionData data;

  Timestamp idle_end{};                 // moves with use
  Timestamp written_idle_end{};         // idle_end as the store (jwt: the cookie) has it
  Timestamp last_seen{};
  Timestamp touched{};                  // when last_seen was last handed to the store / the cookie was issued
  bool ended = false;                   // revoked while somebody held a reference
  LiveExchanges live;                   // exchanges that die with it
  Rendered rendered;
  // How many SessionRefs there are.
  std::uint32_t references() const { return references_; }
  // Indexed by upstream; grows on first use.
  IdentityBlock& identity(std::size_t upstream) {
    if (identities_.size() <= upstream) identities_.resize(upstream + 1);
    return identities_[upstream];
  }

 private:
  friend class SessionRef;
  std::uint32_t references_ = 0;
  std::vector<IdentityBlock> identities_;
};

// Counted reference, plain counter: same worker only.
class SessionRef {
 public:
  SessionRef() = default;
  explicit SessionRef(Session* s) : session_(s) { if (s) ++s->references_; }
  SessionRef(const SessionRef& o) : SessionRef(o.session_) {}
  SessionRef(SessionRef&& o) noexcept : session_(std::exchange(o.session_, nullptr)) {}
  SessionRef& operator=(SessionRef o) noexcept { std::swap(session_, o.session_); return *this; }
  ~SessionRef() { if (session_ && --session_->references_ == 0) delete session_; }
  Session* operator->() const { return session_; }
  Session& operator*() const { return *session_; }
  explicit operator bool() const { return session_ != nullptr; }
  Session* get() const { return session_; }

 private:
  Session* session_ = nullptr;
};

}  // namespace sallyport::session
