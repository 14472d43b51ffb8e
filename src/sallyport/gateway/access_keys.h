// SPDX-License-Identifier: Apache-2.0
// The keys that sign the access JWTs of upstreams (WIRE.md §3, S42): ES256, made here, kept sealed in the store.
//
// Rotation: a new key is in the JWKS for kPublishLead before it signs, so serve the JWKS with a max-age no longer than that;
// the old one stays in it until the last token that it signed has expired (kMaxTokenLife, and kMargin on top).
//
// Load() first; everything else afterwards, from any thread. Mint and Verify work on an immutable snapshot. `keys`,
// `clock` and `random` must outlive it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/jose/jws.h"
#include "sallyport/store/key_store.h"
#include "sallyport/token/access_token.h"

namespace sallyport::gateway {

class AccessKeys {
 public:
  static constexpr Duration kPublishLead = std::chrono::seconds(60);
  static constexpr Duration kMaxTokenLife = std::chrono::minutes(5);
  static constexpr Duration kMargin = std::chrono::minutes(5);

  AccessKeys(store::KeyStore& keys, const crypto::DerivedKeys& derived, const Clock& clock, Random& random);
  ~AccessKeys();

  // Reads the keys and creates the first one when there is none (of nodes that start at once, one wins). A key that does not
  // open with any secret is left out and logged; when none is left that signs, a new one is made.
  Task<void> Load();
  // Reads the keys again, retires what a rotation has replaced and deletes what nobody needs any more. Call it every few
  // seconds: generation() moves here when a rotated key comes into use.
  Task<void> Refresh();
  // Adds a key that signs from now + kPublishLead on; returns its kid. One rotation at a time: while a published key still
  // waits for its turn, that one's kid is returned.
  Task<std::string> Rotate();

  // Signs with the key in use now (~20 µs). Throws std::logic_error before Load().
  std::string Mint(const token::AccessTokenClaims& claims) const;
  // {"keys":[…]}, public parts only: the keys to come, in use, and those whose tokens still live.
  std::string jwks_json() const;
  // Grows when another key comes into use: a token that is kept for reuse is minted again then. One relaxed load.
  std::uint32_t generation() const;

  // Signature, algorithm and typ of a token of ours, whoever it was made for; claims (exp too) are not checked. For
  // `token inspect` and to recognise our own upstream tokens at the front door (S23). Errors: jose's.
  Result<jose::VerifiedJws> Verify(std::string_view token) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::gateway
