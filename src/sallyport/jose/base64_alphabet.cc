// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/base64_alphabet.h"

namespace sallyport::jose {

void AppendBase64(const Base64Alphabet& alphabet, std::string& out, std::string_view bytes) {
  const std::size_t start = out.size();
  out.resize(start + (bytes.size() * 4 + 2) / 3);
  char* to = out.data() + start;
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t left = bytes.size();
  for (; left >= 3; left -= 3, from += 3) {
    const std::uint32_t group = (std::uint32_t{from[0]} << 16) | (std::uint32_t{from[1]} << 8) | from[2];
    *to++ = alphabet.digits[group >> 18];
    *to++ = alphabet.digits[(group >> 12) & 63];
    *to++ = alphabet.digits[(group >> 6) & 63];
    *to++ = alphabet.digits[group & 63];
  }
  if (left == 0) return;
  const std::uint32_t group = (std::uint32_t{from[0]} << 16) | (left == 2 ? std::uint32_t{from[1]} << 8 : 0);
  *to++ = alphabet.digits[group >> 18];
  *to++ = alphabet.digits[(group >> 12) & 63];
  if (left == 2) *to++ = alphabet.digits[(group >> 6) & 63];
}

std::optional<std::string> ReadBase64(const Base64Alphabet& alphabet, std::string_view text) {
  const std::size_t tail = text.size() % 4;
  if (tail == 1) return std::nullopt;
  std::string out(text.size() / 4 * 3 + (tail == 0 ? 0 : tail - 1), '\0');
  char* to = out.data();
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  std::uint32_t seen = 0;  // a foreign character sets the high bits, so one test at the end is enough
  for (std::size_t groups = text.size() / 4; groups > 0; --groups, from += 4) {
    const std::uint32_t a = alphabet.values[from[0]], b = alphabet.values[from[1]], c = alphabet.values[from[2]],
                        d = alphabet.values[from[3]];
    seen |= a | b | c | d;
    *to++ = static_cast<char>((a << 2) | (b >> 4));
    *to++ = static_cast<char>((b << 4) | (c >> 2));
    *to++ = static_cast<char>((c << 6) | d);
  }
  if (tail != 0) {
    const std::uint32_t a = alphabet.values[from[0]], b = alphabet.values[from[1]];
    const std::uint32_t c = tail == 3 ? alphabet.values[from[2]] : 0;
    seen |= a | b | c;
    *to++ = static_cast<char>((a << 2) | (b >> 4));
    if (tail == 3) *to++ = static_cast<char>((b << 4) | (c >> 2));
    // Bits that belong to no byte must be zero, or one value would have several spellings.
    if ((tail == 2 ? b & 15 : c & 3) != 0) return std::nullopt;
  }
  if ((seen & 0xC0) != 0) return std::nullopt;
  return out;
}

}  // namespace sallyport::jose
