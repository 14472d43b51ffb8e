// SPDX-License-Identifier: Apache-2.0
// What 256 random bits look like in base64url. What does not look so is never hashed nor looked up (S44).
#pragma once

#include <algorithm>
#include <string_view>

namespace sallyport::token {

inline constexpr std::size_t kTokenShapeLength = 43;

constexpr bool HasTokenShape(std::string_view text) {
  return text.size() == kTokenShapeLength && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

}  // namespace sallyport::token
