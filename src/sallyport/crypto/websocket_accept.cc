// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/websocket_accept.h"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>

namespace sallyport::crypto {

std::string WebSocketAccept(std::string_view key) {
  const std::string input = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(input.data(), input.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) std::abort();
  std::array<unsigned char, 32> text{};
  const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
  return std::string(reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length));
}

}  // namespace sallyport::crypto
