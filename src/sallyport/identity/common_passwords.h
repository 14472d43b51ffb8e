// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace sallyport::identity {

// Words and passwords that guessers try first; lower-case, sorted. At least four characters each: shorter ones are refused
// by length, and as a core of something longer they would refuse too much.
std::span<const std::string_view> CommonPasswords();

}  // namespace sallyport::identity
