// SPDX-License-Identifier: Apache-2.0
// Session cookies in the format of next-auth v4 (A256GCM) and v5 (A256CBC-HS512 with kid): what `next-auth/jwt` and
// `@auth/core/jwt` decrypt, and what they seal decrypts here.
//
// Key: HKDF-SHA256(secret, salt, info). v4 sessions use an empty salt; v5 uses the full cookie name, prefix included.
// Several secrets: the first seals; opening picks by kid, else tries all. v5 opens A256GCM too, as upstream does.
// Thread-safe. `clock` and `random` must outlive the codec.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/base/random.h"
#include "sallyport/base/secret.h"
#include "sallyport/jose/jwe.h"

namespace sallyport::token {

enum class NextAuthVersion { kV4, kV5 };

// The key that next-auth derives. `salt` is empty for v4 sessions, else the cookie's name.
Secret DeriveNextAuthKey(NextAuthVersion version, const Secret& secret, std::string_view salt, std::size_t length);

class NextAuthCodec {
 public:
  // kInvalidKey when `secrets` is empty or holds an empty one. `cookie_name` is the session cookie's full name.
  static Result<NextAuthCodec> Create(NextAuthVersion version, std::span<const Secret> secrets, std::string_view cookie_name,
                                      const Clock& clock, Random& random);

  // `claims` must hold `exp` (seconds; without it the token ends at once). iat (now) and jti (UUID) are added when absent.
  std::string Seal(json::object claims) const;
  // kForged, kMalformed (no object, no integer exp), kExpired (15 s tolerance), kTooLarge.
  Result<json::object> Open(std::string_view token) const;

 private:
  NextAuthCodec(jose::JweKey sealer, jose::JweOpener opener, const Clock& clock, Random& random)
      : sealer_(std::move(sealer)), opener_(std::move(opener)), clock_(&clock), random_(&random) {}
  jose::JweKey sealer_;
  jose::JweOpener opener_;
  const Clock* clock_;
  Random* random_;
};

}  // namespace sallyport::token
