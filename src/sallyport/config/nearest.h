// SPDX-License-Identifier: Apache-2.0
// "Did you mean …?": the known word that is the fewest edits away (Levenshtein), if it is near enough to be a slip.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::config {

std::size_t EditDistance(std::string_view a, std::string_view b);
// At most a third of the word's length away, and at most 3.
std::optional<std::string> Nearest(std::string_view word, std::span<const std::string> known);
// "did you mean 'api'?", else "known are: api, web" (nothing when `known` is empty).
std::string NearestHint(std::string_view word, std::span<const std::string> known);

}  // namespace sallyport::config
