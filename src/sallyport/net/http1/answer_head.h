// SPDX-License-Identifier: Apache-2.0
// Serialises an answer's head for an HTTP/1 client: start line, the fields that pass, and the transport's own fields
// (Content-Length or Transfer-Encoding, Connection, Date).
#pragma once

#include <string>

#include "sallyport/base/clock.h"
#include "sallyport/net/exchange.h"

namespace sallyport::net {

// What the connection knows and the head must say.
struct AnswerContext {
  std::uint8_t minor_version = 1;   // the client's
  http::Method method = http::Method::kGet;
  bool keep_alive = true;           // becomes false when the body can only be ended by closing
};

// How the body goes out.
struct AnswerBody {
  BodyFraming framing;
  bool sent = true;                 // false: HEAD, 204, 304: no body bytes whatever is written
  bool chunked = false;
  bool until_close = false;
};

// Appends to `out`. Chooses the body's coding; clears context.keep_alive when the connection must close.
AnswerBody WriteAnswerHead(std::string& out, const http::ResponseHead& head, const http::HeadEdits& edits,
                           BodyFraming framing, AnswerContext& context, Timestamp now);
AnswerBody WriteAnswerHead(std::string& out, std::uint16_t status, std::span<const http::HeaderField> fields,
                           std::string_view raw_block, BodyFraming framing, AnswerContext& context, Timestamp now);
// 1xx other than 101, and 101 with `upgrade` as its protocol.
void WriteInterimHead(std::string& out, const http::ResponseHead& head, const http::HeadEdits& edits,
                      std::string_view upgrade);

// "Date: …\r\n", formatted once a second a thread.
std::string_view DateLine(Timestamp now);

}  // namespace sallyport::net
