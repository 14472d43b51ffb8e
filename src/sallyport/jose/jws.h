// SPDX-License-Identifier: Apache-2.0
// Compact JWS (RFC 7515, 7518 §3, 8037) under the rules of RFC 8725 (S40).
//
// Verifier: the algorithm must be in the allow-list AND fit the key's type AND the key's own `alg`, `use` and `key_ops`. There
// is no "none". `crit` is refused whatever it names; so are jwk, jku, x5u, x5c and b64, and a member that stands twice. A
// token with a `kid` is tried against the keys of that id only; without one, against every suitable key (at most 10).
// Does not check: claims (jwt_claims.h). Never fetches keys.
// Thread-safe after construction.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/result.h"
#include "sallyport/crypto/hmac.h"
#include "sallyport/jose/jwk_set.h"

namespace sallyport::jose {

enum class JwsAlgorithm { kHs256, kHs384, kHs512, kRs256, kRs384, kRs512, kPs256, kPs384, kPs512, kEs256, kEs384, kEs512, kEdDsa };
std::string_view NameOf(JwsAlgorithm algorithm);
std::optional<JwsAlgorithm> JwsAlgorithmFromName(std::string_view name);

struct JwsHeader {
  JwsAlgorithm algorithm = JwsAlgorithm::kEs256;
  std::string kid;  // empty when absent
  std::string typ;
  std::string cty;
};

struct VerifiedJws {
  JwsHeader header;
  std::string payload;
};

inline constexpr std::size_t kMaxJwsBytes = 64 * 1024;

// Takes a token apart without any check of its signature: for logs, `token inspect` and choosing a key set by issuer.
// Nothing in it may be believed.
struct UnverifiedJws {
  JwsHeader header;
  std::string payload;
};
Result<UnverifiedJws> ParseUnverifiedJws(std::string_view compact);

class JwsVerifier {
 public:
  // `keys` must outlive the verifier.
  JwsVerifier(const JwkSet& keys, std::vector<JwsAlgorithm> allowed) : keys_(&keys), allowed_(std::move(allowed)) {}
  Result<VerifiedJws> Verify(std::string_view compact) const;

 private:
  const JwkSet* keys_;
  std::vector<JwsAlgorithm> allowed_;
};

// Signs with one key under one header, which is encoded once.
class JwsSigner {
 public:
  // Header members: alg, kid and typ (the last two unless empty). kKeyUnsuitable when `key` cannot sign with `algorithm`;
  // an HMAC key must be as long as the digest (RFC 7518 §3.2).
  static Result<JwsSigner> Create(Jwk key, JwsAlgorithm algorithm, std::string_view typ = {});

  const std::string& kid() const { return key_.kid(); }
  Result<std::string> Sign(std::string_view payload) const;

 private:
  JwsSigner(Jwk key, JwsAlgorithm algorithm, std::string header)
      : key_(std::move(key)), algorithm_(algorithm), header_segment_(std::move(header)) {}
  Jwk key_;
  JwsAlgorithm algorithm_;
  std::string header_segment_;  // with the dot
};

}  // namespace sallyport::jose
