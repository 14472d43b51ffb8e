// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/pages/theme.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sallyport::gateway {
namespace {

constexpr Rgb kDefault{0x2f, 0x5b, 0xea};

int Hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

double Linear(std::uint8_t channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double Luminance(Rgb c) { return 0.2126 * Linear(c.red) + 0.7152 * Linear(c.green) + 0.0722 * Linear(c.blue); }

Rgb Mix(Rgb a, Rgb b, double share) {
  const auto mix = [share](std::uint8_t x, std::uint8_t y) { return static_cast<std::uint8_t>(std::lround(x + (y - x) * share)); };
  return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}

}  // namespace

Rgb ParseColor(std::string_view text) {
  if (text.size() != 7 || text[0] != '#') return kDefault;
  std::array<int, 6> digits{};
  for (std::size_t i = 0; i < 6; ++i) {
    digits[i] = Hex(text[i + 1]);
    if (digits[i] < 0) return kDefault;
  }
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(digits[i] * 16 + digits[i + 1]); };
  return {byte(0), byte(2), byte(4)};
}

std::string ToCss(Rgb c) { return fmt::format("#{:02x}{:02x}{:02x}", c.red, c.green, c.blue); }

double Contrast(Rgb a, Rgb b) {
  const double x = Luminance(a), y = Luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

Rgb ReadableOn(Rgb color, Rgb ground) {
  const Rgb away = Luminance(ground) > 0.18 ? Rgb{0, 0, 0} : Rgb{255, 255, 255};
  for (int step = 0; step <= 20; ++step) {
    const Rgb mixed = Mix(color, away, step / 20.0);
    if (Contrast(mixed, ground) >= 4.5) return mixed;
  }
  return away;
}

}  // namespace sallyport::gateway
