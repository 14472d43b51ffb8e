// SPDX-License-Identifier: Apache-2.0
// Amounts as people write them: "500ms", "5s", "90m", "12h", "7d"; "64KiB", "10MiB", "1GiB".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sallyport/base/clock.h"

namespace sallyport::config {

// A whole number and one unit (ms, s, m, h, d); at most ten years.
std::optional<Duration> ParseDuration(std::string_view text);
// The shortest spelling: 90'000 ms → "90s", 7 days → "7d".
std::string FormatDuration(Duration duration);

// A whole number and an optional unit (B, KiB, MiB, GiB).
std::optional<std::uint64_t> ParseBytes(std::string_view text);

}  // namespace sallyport::config
