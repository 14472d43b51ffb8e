// SPDX-License-Identifier: Apache-2.0
// Password hashes as PHC strings (S51). New ones are Argon2id; imported ones ($2a/$2b/$2y bcrypt, $6$ SHA-512-crypt, $argon2i,
// $argon2d) are verified and reported as due for a rehash.
//
// Slow on purpose (tens of milliseconds): call it on the hashing threads only (S56). Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sallyport/base/random.h"
#include "sallyport/base/result.h"

namespace sallyport::crypto {

inline constexpr std::size_t kMaxPasswordBytes = 1024;

// OWASP's minimum.
struct Argon2Parameters {
  std::uint32_t memory_kib = 19 * 1024;
  std::uint32_t iterations = 2;
  std::uint32_t lanes = 1;
};

// kInvalidInput: a password longer than kMaxPasswordBytes, or parameters below OWASP's minimum or above the caps.
Result<std::string> HashPassword(std::string_view password, const Argon2Parameters& parameters, Random& random);

// false: the password is wrong (or longer than any that could have been hashed).
// Error: `encoded` is in no known format (kUnsupported), broken, or asks for more than the caps: 1 GiB, 16 passes, 16 lanes,
// bcrypt cost 15, 1,000,000 rounds (kInvalidInput). The caps keep an imported row from becoming a denial of service.
Result<bool> VerifyPassword(std::string_view password, std::string_view encoded);

// `encoded` is not Argon2id, or has other parameters than `parameters`.
bool NeedsRehash(std::string_view encoded, const Argon2Parameters& parameters);

// Takes as long as a true verification does and is always false: for accounts that do not exist (S50).
void VerifyNobody(std::string_view password, const Argon2Parameters& parameters);

}  // namespace sallyport::crypto
