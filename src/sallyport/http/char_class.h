// SPDX-License-Identifier: Apache-2.0
// Character classes of RFC 9110 and RFC 3986 as one table lookup. ASCII only; no locale.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sallyport::http {

namespace char_class {
inline constexpr std::uint8_t kToken = 1;       // RFC 9110 §5.6.2
inline constexpr std::uint8_t kFieldText = 2;   // what a field value may hold: HTAB, SP, VCHAR, obs-text
inline constexpr std::uint8_t kTargetText = 4;  // VCHAR
inline constexpr std::uint8_t kUnreserved = 8;  // RFC 3986 §2.3
inline constexpr std::uint8_t kAlphanumeric = 16;

constexpr std::array<std::uint8_t, 256> MakeTable() {
  std::array<std::uint8_t, 256> table{};
  for (int c = 0; c < 256; ++c) {
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    std::uint8_t bits = 0;
    if (alphanumeric) bits |= kAlphanumeric;
    if (alphanumeric || (c != 0 && c < 128 && std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos)) bits |= kToken;
    if (c == '\t' || (c >= 0x20 && c != 0x7f)) bits |= kFieldText;
    if (c > 0x20 && c < 0x7f) bits |= kTargetText;
    if (alphanumeric || c == '-' || c == '.' || c == '_' || c == '~') bits |= kUnreserved;
    table[static_cast<std::size_t>(c)] = bits;
  }
  return table;
}
inline constexpr std::array<std::uint8_t, 256> kTable = MakeTable();
}  // namespace char_class

constexpr bool Is(char c, std::uint8_t classes) {
  return (char_class::kTable[static_cast<unsigned char>(c)] & classes) != 0;
}
constexpr bool IsBlank(char c) { return c == ' ' || c == '\t'; }
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
// 0…15, or -1.
constexpr int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
// Without spaces and tabs at either end.
constexpr std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace sallyport::http
