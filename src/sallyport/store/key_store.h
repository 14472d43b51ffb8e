// SPDX-License-Identifier: Apache-2.0
// Signing keys, sealed by the caller. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/store/errc.h"

namespace sallyport::store {

struct SigningKeyRecord {
  std::string kid;
  std::string algorithm;                 // "ES256"
  std::string sealed_private_key;        // AES-256-GCM over PKCS#8
  std::string public_jwk;                // JSON
  Timestamp created_at{};
  Timestamp active_from{};               // published before, used from here on (S42)
  std::optional<Timestamp> retired_at;   // not used for signing any more; stays in JWKS for the longest token life

  bool operator==(const SigningKeyRecord&) const = default;
};

class KeyStore {
 public:
  virtual ~KeyStore() = default;
  // Oldest first.
  virtual Task<std::vector<SigningKeyRecord>> List() = 0;
  // Inserts unless a key that is not retired exists already and `only_if_none` (two nodes that start at once): then kConflict.
  // kConflict also when the kid exists.
  virtual Task<void> Insert(SigningKeyRecord key, bool only_if_none) = 0;
  // The first time given stays. kNotFound.
  virtual Task<void> Retire(std::string kid, Timestamp at) = 0;
  // kNotFound.
  virtual Task<void> Delete(std::string kid) = 0;
};

}  // namespace sallyport::store
