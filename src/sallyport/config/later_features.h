// SPDX-License-Identifier: Apache-2.0
// Keys of the design that this version does not know yet: they get a sentence of their own instead of a guess.
#pragma once

#include <optional>
#include <string_view>

namespace sallyport::config {

// What the key will be, and what to do until then.
std::optional<std::string_view> LaterFeature(std::string_view section, std::string_view key);

}  // namespace sallyport::config
