// SPDX-License-Identifier: Apache-2.0
// ToIso8601 (clock.h) without a string. Pure.
#pragma once

#include <array>

#include "sallyport/base/clock.h"

namespace sallyport {

// "2026-11-21T08:45:00.123Z"; years 0 to 9999.
std::array<char, 24> Iso8601(Timestamp t);

}  // namespace sallyport
