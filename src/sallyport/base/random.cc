// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/random.h"

#include <array>

namespace sallyport {

std::string Random::Hex(std::size_t bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string raw(bytes, '\0');
  Fill({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
  std::string out;
  out.reserve(bytes * 2);
  for (const char c : raw) {
    out += kDigits[static_cast<std::uint8_t>(c) >> 4];
    out += kDigits[static_cast<std::uint8_t>(c) & 15];
  }
  return out;
}

std::string Random::UuidV4() {
  std::string hex = Hex(16);
  hex[12] = '4';
  static constexpr char kVariant[] = "89ab";
  const char v = hex[16];
  hex[16] = kVariant[(v <= '9' ? v - '0' : v - 'a' + 10) & 3];
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) + '-' +
         hex.substr(20);
}

}  // namespace sallyport
