// SPDX-License-Identifier: Apache-2.0
// One canonical e-mail address everywhere (S52): what the store keeps, compares and mails to.
//
// Canonical: trimmed of spaces and tabs; fullwidth ASCII (U+FF01–FF5E) and the ideographic full stops (U+3002, U+FF0E,
// U+FF61) mapped to ASCII; ASCII lower-case. Full NFKC would need ICU; instead every other character that NFKC would
// change or that is invisible is refused where we can tell (combining and presentation forms, letterlike symbols,
// super- and subscripts, mathematical alphabets, zero-width and bidi controls, variation selectors, non-ASCII upper case of
// Latin, Greek, Cyrillic and Armenian; unstable_characters.h), so that no two accepted spellings are one address to somebody
// else.
//
// Refused: not valid UTF-8; not exactly one '@'; empty local part or domain; quotes, commas, semicolons, colons, brackets,
// backslashes, spaces, controls; dots at the ends of or doubled in the local part; a domain that is not dot-separated labels
// of letters, digits and inner hyphens (≤ 63 bytes each), has no dot (`localhost` excepted) or ends in a label of digits
// only; a local part of more than 64 bytes; more than 254 bytes together (RFC 5321 §4.5.3.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::identity {

inline constexpr std::size_t kMaxEmailBytes = 254;

std::optional<std::string> CanonicalEmail(std::string_view typed);

// Of a canonical address.
std::string_view LocalPartOf(std::string_view canonical);

}  // namespace sallyport::identity
