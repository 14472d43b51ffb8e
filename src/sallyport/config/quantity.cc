// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/quantity.h"

#include <charconv>
#include <utility>

namespace sallyport::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr Unit kTime[] = {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}};
constexpr Unit kSize[] = {{"", 1}, {"B", 1}, {"KiB", 1u << 10}, {"MiB", 1u << 20}, {"GiB", 1u << 30}};
constexpr std::uint64_t kTenYears = 3650ull * 86'400'000;

template <std::size_t N>
std::optional<std::uint64_t> Parse(std::string_view text, const Unit (&units)[N], std::uint64_t max) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const auto& known : units) {
    if (known.name == unit) return number > max / known.factor ? std::nullopt : std::optional(number * known.factor);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  const auto milliseconds = Parse(text, kTime, kTenYears);
  if (!milliseconds) return std::nullopt;
  return Duration(static_cast<std::int64_t>(*milliseconds));
}

std::string FormatDuration(Duration duration) {
  const auto count = static_cast<std::uint64_t>(duration.count());
  for (const auto& unit : kTime) {
    if (count != 0 && count % unit.factor == 0) return std::to_string(count / unit.factor) + std::string(unit.name);
  }
  return "0s";
}

std::optional<std::uint64_t> ParseBytes(std::string_view text) { return Parse(text, kSize, std::uint64_t{1} << 50); }

}  // namespace sallyport::config
