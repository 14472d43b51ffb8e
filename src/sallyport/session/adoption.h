// SPDX-License-Identifier: Apache-2.0
// Sessions that an app's own next-auth made before it moved here: a JWE of the shared secret without our `sid`.
//
// Such a cookie gets a session row under an id derived from its jti, iat and sub, so that it is the same session whenever it
// is shown, and can be revoked. Its absolute end is counted from its iat. Immutable and thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "sallyport/base/json.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/crypto/hmac.h"
#include "sallyport/model/session_record.h"
#include "sallyport/session/options.h"

namespace sallyport::session {

class Adoption {
 public:
  Adoption(const SessionOptions& options, const crypto::DerivedKeys& keys);

  // The configuration allows it at `now`.
  bool IsOpen(Timestamp now) const { return enabled_ && now < until_; }
  // What the session is called, under the first secret and then under each older one: revoked under one is revoked. Empty when
  // the claims cannot be adopted: no jti, iat or sub, or a `sid`.
  std::vector<model::SessionId> IdsOf(const json::object& claims) const;
  // The row to make. nullopt when the session's absolute end has come. Of the foreign claims only name, email, picture and
  // those that `rules.update_claims` lists are taken over: an app may have put tokens into the others.
  std::optional<model::SessionRecord> RecordFor(const json::object& claims, const model::SessionId& id, Timestamp now,
                                               const SessionRules& rules) const;

 private:
  bool enabled_;
  Timestamp until_;
  std::vector<crypto::HmacSha256> keys_;
};

}  // namespace sallyport::session
