// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/hkdf.h"

#include <string>

#include "sallyport/crypto/hmac.h"
#include "sallyport/crypto/openssl_ptr.h"

namespace sallyport::crypto {

Secret HkdfSha256(std::string_view key_material, std::string_view salt, std::string_view info, std::size_t length) {
  Must(length <= std::size_t{255} * 32, "HKDF length");
  // An empty HMAC key and one of 32 zero bytes are the same block, so the empty salt needs no case of its own.
  Sha256Digest extracted = HmacSha256(salt).Mac(key_material);
  const HmacSha256 expand(AsView(extracted));
  std::string out;
  out.reserve(length + 32);  // no reallocation: it would leave a copy of the key behind
  Sha256Digest block{};
  for (unsigned char counter = 1; out.size() < length; ++counter) {
    const std::string_view previous = counter == 1 ? std::string_view() : AsView(block);
    block = expand.Mac({previous, info, {reinterpret_cast<const char*>(&counter), 1}});
    out.append(AsView(block));
  }
  out.resize(length);
  WipeMemory(block.data(), block.size());
  WipeMemory(extracted.data(), extracted.size());
  return Secret(std::move(out));
}

}  // namespace sallyport::crypto
