// SPDX-License-Identifier: Apache-2.0
// Serialises a head in one pass: a start line, the fields of a received head that are not masked out, then what is added.
//
// The caller owns the output buffer; nothing is allocated unless it must grow. Added names and values must already be
// free of CR, LF and NUL (IsFieldValue); in debug builds this is asserted.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sallyport/http/header_field.h"

namespace sallyport::http {

// Edits to a received head on its way through.
struct HeadEdits {
  FieldMask drop;                          // received fields that do not pass, by index
  std::span<const HeaderField> add;        // written after the received ones
  std::string_view raw_block;              // preformatted "Name: value\r\n" lines, appended last
};

// True when `value` may stand in a field line: visible ASCII, space, tab, obs-text; no leading or trailing white space.
bool IsFieldValue(std::string_view value);
// True when `name` is an RFC 9110 token.
bool IsFieldName(std::string_view name);

// Appends "start_line\r\n", the fields and the final empty line to `out`.
void WriteHead(std::string& out, std::string_view start_line, std::span<const HeaderField> received, const HeadEdits& edits);

// Marks in `mask` every hop-by-hop field (RFC 9110 §7.6.1): Connection and what it names, Keep-Alive, TE, Trailer,
// Transfer-Encoding, Upgrade, Proxy-*, HTTP2-Settings. Content-Length is not touched.
void MarkHopByHop(const HeaderTable& fields, FieldMask& mask);

}  // namespace sallyport::http
