// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/unstable_characters.h"

#include <algorithm>
#include <array>

namespace sallyport::identity {
namespace {

struct Range {
  char32_t first, last;
};

constexpr std::array kUnstable = std::to_array<Range>({
    {0x0080, 0x00bf},    // C1 controls, no-break space, soft hyphen, superscripts, fractions
    {0x00c0, 0x00de},    // capitals of Latin-1
    {0x0132, 0x0133},    // IJ ligatures
    {0x013f, 0x0140},    // L with middle dot
    {0x0149, 0x0149},    // 'n
    {0x0178, 0x0179},    // capitals
    {0x017b, 0x017b},
    {0x017d, 0x017d},
    {0x017f, 0x024f},    // long s, Latin Extended-B
    {0x02b0, 0x036f},    // modifier letters, combining marks
    {0x0370, 0x0370},    // Greek: archaic, punctuation, capitals, symbol forms
    {0x0372, 0x0372},
    {0x0374, 0x038f},
    {0x0391, 0x03ab},
    {0x03cf, 0x03ff},
    {0x0400, 0x042f},    // capitals of Cyrillic
    {0x0483, 0x0489},
    {0x04c0, 0x04c0},
    {0x0530, 0x055f},    // Armenian capitals
    {0x0587, 0x058f},
    {0x0591, 0x05cf},    // Hebrew points
    {0x0600, 0x061f},    // Arabic format characters and marks
    {0x064b, 0x065f},
    {0x0670, 0x0670},
    {0x0675, 0x0678},
    {0x06d6, 0x06ed},
    {0x0700, 0x070f},
    {0x0958, 0x095f},    // Indic letters that decompose
    {0x09dc, 0x09df},
    {0x0a33, 0x0a36},
    {0x0a59, 0x0a5e},
    {0x0b5c, 0x0b5d},
    {0x0e33, 0x0e33},
    {0x0eb3, 0x0eb3},
    {0x0edc, 0x0edd},
    {0x0f00, 0x0fff},    // Tibetan: many composed forms
    {0x10a0, 0x10cf},    // Georgian capitals
    {0x10fc, 0x11ff},    // Hangul Jamo
    {0x13a0, 0x13ff},    // Cherokee
    {0x115f, 0x1160},
    {0x17b4, 0x17b5},
    {0x180b, 0x180f},
    {0x1ab0, 0x1aff},
    {0x1c80, 0x1cbf},
    {0x1d00, 0x1dff},    // phonetic and combining
    {0x1e9a, 0x1e9f},
    {0x1f00, 0x2e7f},    // Greek Extended, punctuation, sub- and superscripts, symbols, Glagolitic, Coptic
    {0x2e80, 0x3004},    // CJK radicals and punctuation
    {0x3008, 0x303f},
    {0x3099, 0x309c},
    {0x309f, 0x309f},
    {0x30ff, 0x30ff},
    {0x3130, 0x33ff},    // compatibility Jamo, enclosed forms
    {0xa640, 0xa7ff},    // Cyrillic Extended-B, Latin Extended-D
    {0xab30, 0xabbf},
    {0xd7b0, 0xffff},    // Jamo Extended-B, surrogates, private use, compatibility and presentation forms, specials
    {0x10400, 0x104ff},  // cased scripts
    {0x10c80, 0x10cff},
    {0x118a0, 0x118df},
    {0x16e40, 0x16e9f},
    {0x1b000, 0x1ffff},  // notation, mathematical alphabets, emoji
    {0x2f800, 0x10ffff}, // compatibility ideographs, tags, variation selectors, private use
});

// Blocks in which capitals and small letters alternate.
bool IsAlternatingCapital(char32_t c) {
  const bool even = c % 2 == 0;
  if ((c >= 0x0100 && c <= 0x0137) || (c >= 0x014a && c <= 0x0177)) return even;
  if ((c >= 0x0139 && c <= 0x0148) || (c >= 0x04c1 && c <= 0x04ce)) return !even;
  if ((c >= 0x0460 && c <= 0x04bf) || (c >= 0x04d0 && c <= 0x052f) || (c >= 0x1e00 && c <= 0x1eff)) return even;
  return false;
}

}  // namespace

bool IsUnstable(char32_t c) {
  const auto holds = [c](const Range& range) { return c >= range.first && c <= range.last; };
  return IsAlternatingCapital(c) || std::ranges::any_of(kUnstable, holds);
}

}  // namespace sallyport::identity
