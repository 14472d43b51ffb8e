// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/freshness.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace sallyport::signin {
namespace {

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// nullopt for anything that is no number; what is too large is very long.
std::optional<std::int64_t> Seconds(std::string_view text) {
  text = Trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr std::int64_t kMost = std::int64_t{10} * 365 * 24 * 3600;
  return error == std::errc() ? std::min(value, kMost) : kMost;
}

bool Is(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; });
}

}  // namespace

Duration FreshnessOf(const std::vector<std::pair<std::string, std::string>>& headers, const FreshnessBounds& bounds) {
  std::optional<std::int64_t> max_age;
  std::int64_t age = 0;
  for (const auto& [name, value] : headers) {
    if (name == "age") age = Seconds(value).value_or(0);
    if (name != "cache-control") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const auto comma = rest.find(',');
      const std::string_view directive = Trim(rest.substr(0, comma));
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
      const auto equals = directive.find('=');
      if (Is(directive, "no-store") || Is(directive, "no-cache")) return bounds.least;
      if (equals != std::string_view::npos && Is(Trim(directive.substr(0, equals)), "max-age")) max_age = Seconds(directive.substr(equals + 1));
    }
  }
  if (!max_age) return bounds.otherwise;
  return std::clamp<Duration>(std::chrono::seconds(std::max<std::int64_t>(0, *max_age - age)), bounds.least, bounds.most);
}

}  // namespace sallyport::signin
