// SPDX-License-Identifier: Apache-2.0
// Tokens that travel by mail (verification, password reset, S54): 256 random bits, base64url. At rest only their SHA-256,
// lower-case hex, is kept; single use, life-time and the bound address are the store's row.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sallyport/base/random.h"

namespace sallyport::token {

std::string MintAccountToken(Random& random);
// nullopt when `token` does not have the shape of a minted one, empty included (S44).
std::optional<std::string> HashAccountToken(std::string_view token);

}  // namespace sallyport::token
