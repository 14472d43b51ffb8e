// SPDX-License-Identifier: Apache-2.0
// Lower-case hexadecimal of bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sallyport {

std::string EncodeHex(std::string_view bytes);
// Upper and lower case are taken; nullopt for an odd length or any other character.
std::optional<std::string> DecodeHex(std::string_view text);

}  // namespace sallyport
