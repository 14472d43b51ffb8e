// SPDX-License-Identifier: Apache-2.0
// Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455 §4.2.2). SHA-1 has no security role here; nothing else uses it.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::crypto {

std::string WebSocketAccept(std::string_view key);

}  // namespace sallyport::crypto
