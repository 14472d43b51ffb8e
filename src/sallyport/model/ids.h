// SPDX-License-Identifier: Apache-2.0
// Identifiers. All are printable ASCII, none is a secret: what a browser holds is never an id (TokenHash is its hash).
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace sallyport::model {

using UserId = std::string;      // UUID v4, or an adopted `sub`; at most 255 bytes
using SessionId = std::string;   // `sid`: 22 characters of base64url (128 random bits); safe to log and to show

// SHA-256 of an opaque session token. The store keeps this, never the token.
using TokenHash = std::array<std::uint8_t, 32>;

}  // namespace sallyport::model
