// SPDX-License-Identifier: Apache-2.0
// The access JWT that upstreams receive (RFC 9068, WIRE.md §3): header typ "at+jwt", alg, kid; the header segment is encoded
// once a key.
//
// Minting costs one signature (~20 µs with ES256): callers cache per (session, version, audience, kid). Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/base/result.h"
#include "sallyport/jose/jws.h"

namespace sallyport::token {

inline constexpr std::string_view kAccessTokenType = "at+jwt";

struct AccessTokenClaims {
  std::string issuer;    // public_url
  std::string audience;  // the upstream's
  std::string subject;   // user id
  std::string client_id;
  std::string session;   // sid: a handle, not the cookie
  std::string id;        // jti
  Timestamp issued_at;
  Timestamp expires_at;
  Timestamp authenticated_at;
  std::vector<std::string> methods;  // amr; left out when empty
  json::object extra;                // email, name, groups…: only what the upstream's `claims` ask for
};

class AccessTokenMinter {
 public:
  // `key` holds the private half and a kid. kKeyUnsuitable / kInvalidKey of jose otherwise.
  static Result<AccessTokenMinter> Create(jose::Jwk key, jose::JwsAlgorithm algorithm = jose::JwsAlgorithm::kEs256);

  const std::string& kid() const { return signer_.kid(); }
  // `extra` cannot replace a claim of its own (such members are dropped).
  Result<std::string> Mint(const AccessTokenClaims& claims) const;

 private:
  explicit AccessTokenMinter(jose::JwsSigner signer) : signer_(std::move(signer)) {}
  jose::JwsSigner signer_;
};

}  // namespace sallyport::token
