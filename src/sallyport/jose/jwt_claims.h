// SPDX-License-Identifier: Apache-2.0
// The registered claims of a JWT (RFC 7519 §4.1, RFC 8725 §3.8-3.11): what a receiver insists on.
//
// exp and iat are required, nbf is honoured, issuer and audience must match; each exception has to be spelled out.
// A claim of the wrong JSON type is kMalformed, never ignored. Pure: the time comes in as a value.
#pragma once

#include <chrono>
#include <string>

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/base/result.h"

namespace sallyport::jose {

class JwtClaimsPolicy {
 public:
  // Both must be present and match exactly; `aud` may be an array that holds `audience`.
  JwtClaimsPolicy(std::string issuer, std::string audience) : issuer_(std::move(issuer)), audience_(std::move(audience)) {}

  // Weakenings, each named for what it gives up.
  JwtClaimsPolicy& AllowMissingExpiration() { allow_missing_exp_ = true; return *this; }
  JwtClaimsPolicy& AllowMissingIssuedAt() { allow_missing_iat_ = true; return *this; }
  JwtClaimsPolicy& AllowAnyIssuer() { any_issuer_ = true; return *this; }
  JwtClaimsPolicy& AllowAnyAudience() { any_audience_ = true; return *this; }

  // Strengthenings and settings.
  JwtClaimsPolicy& RequireSubject() { require_sub_ = true; return *this; }
  JwtClaimsPolicy& MaxAge(std::chrono::seconds age) { max_age_ = age; return *this; }     // since iat; 0: no limit
  JwtClaimsPolicy& Tolerance(std::chrono::seconds skew) { tolerance_ = skew; return *this; }  // default 15 s

  // A token is valid while now < exp + tolerance.
  Result<void> Check(const json::object& claims, Timestamp now) const;

 private:
  std::string issuer_, audience_;
  bool allow_missing_exp_ = false, allow_missing_iat_ = false, any_issuer_ = false, any_audience_ = false, require_sub_ = false;
  std::chrono::seconds max_age_{0}, tolerance_{15};
};

}  // namespace sallyport::jose
