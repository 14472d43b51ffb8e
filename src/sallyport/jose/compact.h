// SPDX-License-Identifier: Apache-2.0
// What compact JWS and JWE have in common: segments and the protected header. For jose/*.cc only.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "sallyport/base/json.h"
#include "sallyport/base/result.h"

namespace sallyport::jose {

inline constexpr std::size_t kMaxHeaderBytes = 8 * 1024;

// Exactly kCount segments between dots, each possibly empty; nullopt otherwise.
template <std::size_t kCount>
std::optional<std::array<std::string_view, kCount>> SplitCompact(std::string_view text) {
  std::array<std::string_view, kCount> out;
  for (std::size_t i = 0; i + 1 < kCount; ++i) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    out[i] = text.substr(0, dot);
    text.remove_prefix(dot + 1);
  }
  if (text.find('.') != std::string_view::npos) return std::nullopt;
  out[kCount - 1] = text;
  return out;
}

// Decodes and parses a protected header and refuses what would let the sender choose keys or change the format.
// kMalformed, kTooLarge, kUnknownCritical, kUnsafeHeader.
Result<json::object> ReadProtectedHeader(std::string_view segment);

// An optional header member that must be a string when present: empty when absent, kMalformed when of another type.
Result<std::string> HeaderText(const json::object& header, std::string_view name);

}  // namespace sallyport::jose
