// SPDX-License-Identifier: Apache-2.0
// What the store knows of a session. Both strategies have one row: for "database" it is the session, for "jwt" it is what
// makes the stateless session revocable (and holds what must never be in a cookie).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/model/ids.h"

namespace sallyport::model {

enum class EndReason : std::uint8_t {
  kSignedOut, kRevokedByUser, kRevokedByAdmin, kReplaced, kPasswordChanged, kUserDisabled, kExpired, kReuseDetected
};
const char* NameOf(EndReason reason);

// Who began a session and which one of theirs it is, in the words of its identity provider (`sub` and `sid`); for back-channel
// logout. Empty: none.
struct AtProvider {
  std::string subject;
  std::string sid;

  bool operator==(const AtProvider&) const = default;
};

struct SessionRecord {
  SessionId id;
  std::optional<TokenHash> token_hash;   // database strategy only
  UserId user_id;
  std::string method;                    // "password", "backend", "adopted", …
  std::vector<std::string> amr;          // RFC 8176: "pwd", …
  Timestamp auth_time{};                 // when the person proved who they are
  Timestamp last_seen{};
  Timestamp idle_end{};                  // moves with use, at most to absolute_end
  Timestamp absolute_end{};              // never moves (S4)
  std::string ip;                        // of the sign-in
  std::string user_agent;                // cut at 256 bytes
  AtProvider at_provider;                // of the provider that `method` names
  std::string claims_json = "{}";        // custom claims (allow-listed keys); a JSON object
  std::string profile_json = "{}";       // name, email, image when there is no row in users (adopted sessions)
  std::string sealed_tokens;             // back end's / provider's tokens, AES-256-GCM (crypto/aead.h); empty: none
  std::int64_t version = 1;              // grows with every change of claims or tokens (compare-and-swap)

  bool operator==(const SessionRecord&) const = default;
};

}  // namespace sallyport::model
