// SPDX-License-Identifier: Apache-2.0
// ID tokens (OpenID Connect Core §2, §3.1.3.7) under S31: signature by the provider's keys with an allowed algorithm, typ,
// iss, aud, azp, exp, iat, sub, nonce, at_hash and c_hash.
//
// Never fetches keys: jose::Errc::kKeyNotFound asks the caller to get newer ones (S32). Thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/base/result.h"
#include "sallyport/jose/verified_jwt.h"

namespace sallyport::oauth {

struct IdTokenPolicy {
  std::string issuer;                              // may be a tenant template (issuer.h)
  std::string client_id;
  std::vector<jose::JwsAlgorithm> algorithms;      // of this client; never a mix of HS* and the others (DefaultIdTokenAlgorithms)
  std::optional<std::string> nonce;                // what we sent; nullopt: none was sent (a refreshed token), any is ignored
  bool nonce_may_be_missing = false;               // for providers known to drop it; one that is there must still match
  std::string_view access_token;                   // for at_hash; empty: there is none
  std::string_view code;                           // for c_hash; empty: there is none
  std::chrono::seconds tolerance{15};
};

// Every asymmetric algorithm that jose knows: keys decide which of them can be used.
std::vector<jose::JwsAlgorithm> DefaultIdTokenAlgorithms();

class IdToken {
 public:
  const json::object& claims() const { return jwt_.claims(); }
  std::string_view subject() const { return jwt_.subject(); }   // never empty, at most 255 bytes
  std::string_view issuer() const { return jwt_.issuer(); }     // the real one, also where the policy has a template

 private:
  friend Result<IdToken> VerifyIdToken(std::string_view, const jose::JwkSet&, const IdTokenPolicy&, const Clock&);
  explicit IdToken(jose::VerifiedJwt jwt) : jwt_(std::move(jwt)) {}
  jose::VerifiedJwt jwt_;
};

// Errors: jose's, and kWrongIssuer, kWrongNonce, kWrongAuthorizedParty, kWrongHash, kMissingClaim, kMalformed.
Result<IdToken> VerifyIdToken(std::string_view compact, const jose::JwkSet& keys, const IdTokenPolicy& policy, const Clock& clock);

}  // namespace sallyport::oauth
