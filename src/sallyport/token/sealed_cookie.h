// SPDX-License-Identifier: Apache-2.0
// Small JSON values kept by the browser: sign-in transactions, flash messages. AES-256-GCM (crypto/sealed_box.h), base64url.
//
// The purpose and the end of life are authenticated: a value sealed for one purpose never opens for another (S40), nor after
// its end (no tolerance: one clock makes and checks). Keys come from DerivedKeys (KeyPurpose::kSealedCookie).
// Not single-use by itself. Thread-safe. `clock` and `random` must outlive it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/base/random.h"
#include "sallyport/base/result.h"
#include "sallyport/crypto/sealed_box.h"

namespace sallyport::token {

class SealedCookie {
 public:
  static constexpr std::size_t kMaxLength = 3500;  // of the sealed text, so that name and attributes fit into 4096

  // `purpose`: a short constant, e.g. "flash". kInvalidKey (of crypto) when the keys do not fit.
  static Result<SealedCookie> Create(std::span<const Secret> keys, std::string purpose, const Clock& clock, Random& random);

  // kTooLarge.
  Result<std::string> Seal(const json::object& value, Duration lifetime) const;
  // kMalformed, kForged, kExpired, kTooLarge.
  Result<json::object> Open(std::string_view text) const;

 private:
  SealedCookie(crypto::SealedBox box, std::string purpose, const Clock& clock)
      : box_(std::move(box)), associated_("cookie:" + std::move(purpose)), clock_(&clock) {}
  crypto::SealedBox box_;
  std::string associated_;
  const Clock* clock_;
};

}  // namespace sallyport::token
