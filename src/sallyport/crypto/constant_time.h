// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sallyport::crypto {

// Time depends on the lengths only, never on the content. Lengths are no secret.
bool Equal(std::string_view a, std::string_view b);

}  // namespace sallyport::crypto
