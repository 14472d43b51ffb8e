// SPDX-License-Identifier: Apache-2.0
// The decoding of one name or value of application/x-www-form-urlencoded (WHATWG URL §5.1).
#pragma once

#include <string>
#include <string_view>

namespace sallyport::http {

// '+' becomes a space and %XX an octet. False when an escape is broken. `out` is overwritten.
bool DecodeUrlencoded(std::string_view encoded, std::string& out);

}  // namespace sallyport::http
