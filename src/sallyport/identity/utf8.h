// SPDX-License-Identifier: Apache-2.0
// Code points of UTF-8 text (RFC 3629), strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::identity {

// Takes the first code point off `text` (which must not be empty); nullopt, and nothing taken, when it is not UTF-8.
std::optional<char32_t> TakeCodePoint(std::string_view& text);
// `code_point` must be one that UTF-8 can have.
void AppendUtf8(std::string& out, char32_t code_point);
// Bytes that are not UTF-8 count one each.
std::size_t CountCodePoints(std::string_view text);

}  // namespace sallyport::identity
