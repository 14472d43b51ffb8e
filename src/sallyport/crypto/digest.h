// SPDX-License-Identifier: Apache-2.0
// SHA-2 (FIPS 180-4). Algorithms are fetched once, one context a thread is reused.
//
// Thread-safe. Never fails: a library that cannot hash aborts the process.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace sallyport::crypto {

template <std::size_t kBytes>
using Digest = std::array<std::uint8_t, kBytes>;
using Sha256Digest = Digest<32>;
using Sha384Digest = Digest<48>;
using Sha512Digest = Digest<64>;

Sha256Digest Sha256(std::string_view data);
Sha384Digest Sha384(std::string_view data);
Sha512Digest Sha512(std::string_view data);
// Of the concatenation of `parts`, without building it.
Sha256Digest Sha256(std::initializer_list<std::string_view> parts);

// The bytes of a fixed array as a view, for interfaces that take std::string_view as bytes. Valid while the array lives.
template <std::size_t kBytes>
std::string_view AsView(const std::array<std::uint8_t, kBytes>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), kBytes};
}

}  // namespace sallyport::crypto
