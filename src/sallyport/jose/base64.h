// SPDX-License-Identifier: Apache-2.0
// Classic base64 with padding (RFC 4648 §4): HTTP Basic, PEM-like fields. As strict as base64url.h.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/result.h"

namespace sallyport::jose {

std::string EncodeBase64(std::string_view bytes);
// kMalformed.
Result<std::string> DecodeBase64(std::string_view text);

}  // namespace sallyport::jose
