// SPDX-License-Identifier: Apache-2.0
// A JWT whose signature, type and claims were checked. Only JwtVerifier can make one: holding it is the proof.
#pragma once

#include <string_view>
#include <utility>

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/jose/jws.h"
#include "sallyport/jose/jwt_claims.h"

namespace sallyport::jose {

class VerifiedJwt {
 public:
  const JwsHeader& header() const { return header_; }
  const json::object& claims() const { return claims_; }
  // Empty when absent or not a string.
  std::string_view subject() const { return GetString(claims_, "sub").value_or(std::string_view()); }
  std::string_view issuer() const { return GetString(claims_, "iss").value_or(std::string_view()); }

 private:
  friend class JwtVerifier;
  VerifiedJwt(JwsHeader header, json::object claims) : header_(std::move(header)), claims_(std::move(claims)) {}
  JwsHeader header_;
  json::object claims_;
};

// Signature (jws.h), `typ` and claims in one step. Thread-safe. `keys` and `clock` must outlive it.
class JwtVerifier {
 public:
  // `typ` must match the header's, without regard to case and to a leading "application/" (RFC 8725 §3.11). An empty `typ`
  // takes a token with none or "JWT" (ID tokens of providers).
  JwtVerifier(const JwkSet& keys, std::vector<JwsAlgorithm> allowed, std::string typ, JwtClaimsPolicy policy, const Clock& clock)
      : jws_(keys, std::move(allowed)), typ_(std::move(typ)), policy_(std::move(policy)), clock_(&clock) {}

  Result<VerifiedJwt> Verify(std::string_view compact) const;

 private:
  JwsVerifier jws_;
  std::string typ_;
  JwtClaimsPolicy policy_;
  const Clock* clock_;
};

}  // namespace sallyport::jose
