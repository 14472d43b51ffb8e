// SPDX-License-Identifier: Apache-2.0
// One mail as RFC 5322 text: multipart/alternative of plain text and HTML, all in 7 bits (RFC 2045, 2047), CRLF lines of at
// most 78 characters; an address that is not ASCII stands as UTF-8 (RFC 6532).
//
// No value can begin a header of its own: control characters in any of them are kInvalidMail (S52, S53).
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/clock.h"
#include "sallyport/base/result.h"
#include "sallyport/signin/errc.h"

namespace sallyport::signin {

struct MailMessage {
  std::string from;        // "Example <no-reply@example.com>" or an address
  std::string to;          // one address
  std::string subject;
  std::string text;        // UTF-8, LF lines
  std::string html;
  Timestamp date{};
  std::string unique_id;   // [0-9a-z]+: for Message-ID and the boundary
};

Result<std::string> BuildMessage(const MailMessage& message);

struct MailBodies {
  std::string text, html;
};
// Of a message that BuildMessage made; kInvalidMail for anything else.
Result<MailBodies> ReadBodies(std::string_view message);

}  // namespace sallyport::signin
