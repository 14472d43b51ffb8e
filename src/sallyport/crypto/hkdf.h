// SPDX-License-Identifier: Apache-2.0
// HKDF-SHA256 (RFC 5869).
#pragma once

#include <string_view>

#include "sallyport/base/secret.h"

namespace sallyport::crypto {

// `length` ≤ 255 * 32 (more aborts: it is a bug). An empty salt means 32 zero bytes, as the RFC has it.
Secret HkdfSha256(std::string_view key_material, std::string_view salt, std::string_view info, std::size_t length);

}  // namespace sallyport::crypto
