// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/pkce.h"

#include <array>

#include "sallyport/crypto/digest.h"
#include "sallyport/jose/base64url.h"

namespace sallyport::oauth {

std::string MintUnguessable(Random& random) {
  std::array<std::uint8_t, 32> bytes;
  random.Fill(bytes);
  return jose::EncodeBase64Url(crypto::AsView(bytes));
}

std::string S256Challenge(std::string_view verifier) { return jose::EncodeBase64Url(crypto::AsView(crypto::Sha256(verifier))); }

}  // namespace sallyport::oauth
