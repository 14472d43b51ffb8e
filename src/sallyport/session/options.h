// SPDX-License-Identifier: Apache-2.0
// Settings of the session layer; config/ fills them in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/base/secret.h"

namespace sallyport::session {

enum class Strategy : std::uint8_t { kDatabase, kJwt };
enum class NextAuthCompat : std::uint8_t { kV5, kV4, kOff };

// What may change while the process runs.
struct SessionRules {
  Duration idle_timeout = std::chrono::days(7);
  Duration max_lifetime = std::chrono::days(30);      // of sessions that begin from now on
  Duration update_age = std::chrono::minutes(5);      // last_seen is written, and a JWE renewed, at most this often
  std::vector<std::string> update_claims;             // keys that POST /api/auth/session may set
};

struct SessionOptions : SessionRules {
  Strategy strategy = Strategy::kDatabase;
  std::size_t cache_entries = 100'000;                // per worker
  NextAuthCompat compat = NextAuthCompat::kV5;
  std::vector<Secret> compat_secrets;                 // the app's next-auth secret(s); empty: derived from `secret`
  Timestamp adopt_until{};                            // foreign next-auth JWEs are adopted until then; epoch: never
};

}  // namespace sallyport::session
