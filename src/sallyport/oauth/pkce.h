// SPDX-License-Identifier: Apache-2.0
// Proof Key for Code Exchange (RFC 7636). S256 only: there is no `plain`.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/random.h"

namespace sallyport::oauth {

// 256 random bits, base64url, 43 characters: for code verifiers, states and nonces.
std::string MintUnguessable(Random& random);

// BASE64URL(SHA256(verifier)), RFC 7636 §4.2.
std::string S256Challenge(std::string_view verifier);

}  // namespace sallyport::oauth
