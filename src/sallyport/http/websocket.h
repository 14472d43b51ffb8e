// SPDX-License-Identifier: Apache-2.0
// The WebSocket handshake (RFC 6455 §4), as far as heads show it. The expected accept value is computed by the caller
// (SHA-1 lives in crypto).
#pragma once

#include "sallyport/http/field_list.h"
#include "sallyport/http/framing.h"
#include "sallyport/http/request_head.h"
#include "sallyport/http/response_head.h"

namespace sallyport::http {

// The request asks for websocket: an Upgrade field that names it. Other upgrades are not asked for here: they are
// stripped with the hop-by-hop fields.
bool AsksForWebSocket(const RequestHead& head);
// GET, HTTP/1.1, Connection: upgrade, Upgrade exactly "websocket", version 13, a key of 16 bytes, no body.
// Error: kMalformed.
Result<void> CheckWebSocketRequest(const RequestHead& head, const Framing& framing);
// 101, Upgrade: websocket, Connection: upgrade, and Sec-WebSocket-Accept once and equal.
bool IsWebSocketAccepted(const ResponseHead& head, std::string_view expected_accept);

}  // namespace sallyport::http
