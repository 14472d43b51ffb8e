// SPDX-License-Identifier: Apache-2.0
// The opaque session token (S1): 256 random bits, base64url, 43 characters. The store knows only its SHA-256.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sallyport/base/random.h"
#include "sallyport/model/ids.h"

namespace sallyport::token {

using model::TokenHash;

inline constexpr std::size_t kSessionTokenBytes = 32;
inline constexpr std::size_t kSessionTokenLength = 43;

std::string MintSessionToken(Random& random);
// SHA-256 of the token's characters (not of the decoded bytes). ~0.1 µs.
TokenHash HashOf(std::string_view token);
// HashOf, or nullopt when `token` does not have the shape of a minted one: such a value never reaches the store (S44).
std::optional<TokenHash> HashIfWellFormed(std::string_view token);

}  // namespace sallyport::token
