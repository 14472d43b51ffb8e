// SPDX-License-Identifier: Apache-2.0
// Colours of our pages from one brand colour, so that text stays readable (WCAG 2.2 AA: 4.5 : 1) whatever was configured.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::gateway {

struct Rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
  bool operator==(const Rgb&) const = default;
};

// "#rrggbb"; anything else is the default brand colour (configuration has refused it before).
Rgb ParseColor(std::string_view text);
std::string ToCss(Rgb color);
// WCAG contrast ratio, 1 … 21.
double Contrast(Rgb a, Rgb b);
// `color`, mixed towards black or white in small steps until it stands out from `ground` by at least 4.5 : 1.
Rgb ReadableOn(Rgb color, Rgb ground);

}  // namespace sallyport::gateway
