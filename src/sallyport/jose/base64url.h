// SPDX-License-Identifier: Apache-2.0
// base64url without padding (RFC 4648 §5, RFC 7515 §2). Strict: no padding, no white space, no foreign characters, and unused
// bits must be zero, so that every byte string has exactly one spelling.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/result.h"

namespace sallyport::jose {

std::string EncodeBase64Url(std::string_view bytes);
void AppendBase64Url(std::string& out, std::string_view bytes);
constexpr std::size_t Base64UrlLength(std::size_t bytes) { return (bytes * 4 + 2) / 3; }

// kMalformed.
Result<std::string> DecodeBase64Url(std::string_view text);

}  // namespace sallyport::jose
