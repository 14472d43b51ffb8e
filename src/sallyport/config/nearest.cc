// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/nearest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace sallyport::config {

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::optional<std::string> Nearest(std::string_view word, std::span<const std::string> known) {
  if (word.size() > 64) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = 4;
  for (const auto& candidate : known) {
    const auto distance = EditDistance(word, candidate);
    const auto length = std::max(word.size(), candidate.size());
    if (distance < best_distance && (distance * 3 <= length + 1)) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string NearestHint(std::string_view word, std::span<const std::string> known) {
  if (const auto best = Nearest(word, known)) return fmt::format("did you mean '{}'?", *best);
  if (known.empty()) return {};
  return fmt::format("known are: {}", fmt::join(known, ", "));
}

}  // namespace sallyport::config
