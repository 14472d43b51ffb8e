// SPDX-License-Identifier: Apache-2.0
// The part that base64 and base64url have in common: six bits a character, unused bits zero. For jose/base64*.cc only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::jose {

struct Base64Alphabet {
  const char* digits;                    // 64 characters
  std::array<std::uint8_t, 256> values;  // 0xFF: not in the alphabet

  constexpr explicit Base64Alphabet(const char* text) : digits(text), values() {
    for (auto& value : values) value = 0xFF;
    for (std::uint8_t i = 0; i < 64; ++i) values[static_cast<unsigned char>(text[i])] = i;
  }
};

// Without padding.
void AppendBase64(const Base64Alphabet& alphabet, std::string& out, std::string_view bytes);
// `text` is without padding. nullopt: foreign character, impossible length, unused bits set.
std::optional<std::string> ReadBase64(const Base64Alphabet& alphabet, std::string_view text);

}  // namespace sallyport::jose
