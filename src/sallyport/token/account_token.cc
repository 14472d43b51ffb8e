// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/account_token.h"

#include <array>

#include "sallyport/base/hex.h"
#include "sallyport/crypto/digest.h"
#include "sallyport/jose/base64url.h"
#include "sallyport/token/token_shape.h"

namespace sallyport::token {

std::string MintAccountToken(Random& random) {
  std::array<std::uint8_t, 32> bytes;
  random.Fill(bytes);
  return jose::EncodeBase64Url(crypto::AsView(bytes));
}

std::optional<std::string> HashAccountToken(std::string_view token) {
  if (!HasTokenShape(token)) return std::nullopt;
  return EncodeHex(crypto::AsView(crypto::Sha256(token)));
}

}  // namespace sallyport::token
