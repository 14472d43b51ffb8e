// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/pages/theme.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::gateway {
namespace {

TEST(Theme, ContrastOfBlackOnWhiteIsTwentyOne) { EXPECT_NEAR(Contrast({0, 0, 0}, {255, 255, 255}), 21.0, 0.01); }

TEST(Theme, AnyBrandColourBecomesReadableOnAnyOfOurGrounds) {
  for (int red = 0; red < 256; red += 51) {
    for (int green = 0; green < 256; green += 51) {
      for (int blue = 0; blue < 256; blue += 51) {
        const Rgb brand{std::uint8_t(red), std::uint8_t(green), std::uint8_t(blue)};
        for (const Rgb ground : {Rgb{255, 255, 255}, Rgb{0x17, 0x1a, 0x21}}) EXPECT_GE(Contrast(ReadableOn(brand, ground), ground), 4.5);
        EXPECT_GE(std::max(Contrast(brand, {255, 255, 255}), Contrast(brand, {0, 0, 0})), 4.5);
      }
    }
  }
}

TEST(Theme, AReadableColourIsLeftAlone) { EXPECT_EQ(ReadableOn({0x2f, 0x5b, 0xea}, {255, 255, 255}), (Rgb{0x2f, 0x5b, 0xea})); }
TEST(Theme, NonsenseIsTheDefaultColour) { EXPECT_EQ(ToCss(ParseColor("red; }")), "#2f5bea"); }

}  // namespace
}  // namespace sallyport::gateway
