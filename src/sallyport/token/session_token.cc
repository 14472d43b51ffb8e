// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/session_token.h"

#include <array>

#include "sallyport/crypto/digest.h"
#include "sallyport/jose/base64url.h"
#include "sallyport/token/token_shape.h"

namespace sallyport::token {

std::string MintSessionToken(Random& random) {
  std::array<std::uint8_t, kSessionTokenBytes> bytes;
  random.Fill(bytes);
  return jose::EncodeBase64Url(crypto::AsView(bytes));
}

TokenHash HashOf(std::string_view token) { return crypto::Sha256(token); }

std::optional<TokenHash> HashIfWellFormed(std::string_view token) {
  if (!HasTokenShape(token)) return std::nullopt;
  return HashOf(token);
}

}  // namespace sallyport::token
