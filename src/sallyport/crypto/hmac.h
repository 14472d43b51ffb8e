// SPDX-License-Identifier: Apache-2.0
// HMAC with SHA-2 (RFC 2104). The key's two blocks are hashed once, in the constructor, so that a MAC of a short message
// costs two compressions.
//
// Thread-safe after construction; copies share the key. Never fails.
#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>

#include "sallyport/crypto/digest.h"

namespace sallyport::crypto {

template <std::size_t kBytes>
class Hmac {
 public:
  explicit Hmac(std::string_view key);

  Digest<kBytes> Mac(std::string_view message) const { return Mac({message}); }
  // Of the concatenation of `parts`; callers make it unambiguous themselves.
  Digest<kBytes> Mac(std::initializer_list<std::string_view> parts) const;
  // Constant-time in the content of `mac`.
  bool Verify(std::string_view message, std::string_view mac) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

extern template class Hmac<32>;
extern template class Hmac<48>;
extern template class Hmac<64>;

using HmacSha256 = Hmac<32>;
using HmacSha384 = Hmac<48>;
using HmacSha512 = Hmac<64>;

}  // namespace sallyport::crypto
