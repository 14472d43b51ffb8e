// SPDX-License-Identifier: Apache-2.0
// Every internal key, each derived from the configured `secret` by HKDF-SHA256 under a label of its own (S45), so that
// nothing made for one purpose is accepted for another. `compat.secret` never comes here.
//
// Several secrets: the first is used for making, all for checking. Immutable and thread-safe after construction.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"

namespace sallyport::crypto {

enum class KeyPurpose {
  kCsrfToken,     // session-bound CSRF tokens
  kSealedCookie,  // flash cookies
  kStore,         // provider and backend tokens, signing keys and refresh-token keys at rest
  kSessionAux,    // what hangs on an opaque session: handles, adopted ids
  kRefreshMac,    // wraps the per-session refresh-token MAC keys
  kAccountToken,  // e-mail verification, password reset, flash
  kTransaction,   // sign-ins at a provider that are under way
  kCompat,        // next-auth cookies when no compat.secret is configured
};
inline constexpr std::size_t kKeyPurposes = 8;
std::string_view LabelOf(KeyPurpose purpose);

class DerivedKeys {
 public:
  static constexpr std::size_t kMinSecretBytes = 32;
  static constexpr std::size_t kKeyBytes = 32;

  // kInvalidKey: no secret, one shorter than kMinSecretBytes, or the same one twice.
  static Result<DerivedKeys> Derive(std::span<const Secret> secrets);

  // One key of kKeyBytes a secret, in the secrets' order; never empty.
  std::span<const Secret> All(KeyPurpose purpose) const { return keys_[static_cast<std::size_t>(purpose)]; }
  const Secret& First(KeyPurpose purpose) const { return All(purpose).front(); }

 private:
  DerivedKeys() = default;
  std::array<std::vector<Secret>, kKeyPurposes> keys_;
};

}  // namespace sallyport::crypto
