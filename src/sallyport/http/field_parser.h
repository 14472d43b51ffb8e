// SPDX-License-Identifier: Apache-2.0
// The part that request and response heads share: field lines up to the empty line, and the search for the head's end.
#pragma once

#include <algorithm>

#include "sallyport/base/result.h"
#include "sallyport/http/errc.h"
#include "sallyport/http/request_head.h"

namespace sallyport::http {

enum class ParseStatus : std::uint8_t { kDone, kPartial, kMalformed, kTooMany };

// First byte at or after `at` that a field value may not hold (CR and LF included), or `end`.
const char* ScanFieldText(const char* at, const char* end);
// First byte at or after `at` that a target may not hold, or `end`.
const char* ScanTargetText(const char* at, const char* end);
// Parses field lines from `at` until the empty line; on kDone `at` is behind it.
ParseStatus ParseFields(const char*& at, const char* end, std::size_t max_fields, HeaderTable& out);

// False when the bytes of `buffer` from `already_scanned` on hold neither the end of a head nor a bare LF, so that
// parsing again would end where it ended before.
bool MayHoldHeadEnd(std::string_view buffer, std::size_t already_scanned);

// What became of a request or status line; `errc` counts when it is malformed.
struct StartLine {
  ParseStatus status = ParseStatus::kDone;
  Errc errc = Errc::kMalformed;
};

// A whole head: `parse_line(at, end)` reads the first line and moves `at` behind it, fields follow. Gives the head's length, 0
// when it is not complete yet, and kHeadTooLarge, kMalformed or the line's own error. A template, so that it costs the hot path
// no call.
template <class ParseLine>
Result<std::size_t> ParseHead(std::string_view buffer, std::size_t already_scanned, const HeadLimits& limits, HeaderTable& fields,
                              const char* line_name, ParseLine parse_line) {
  const bool over = buffer.size() > limits.max_head_bytes;
  if (!over && !MayHoldHeadEnd(buffer, already_scanned)) return std::size_t{0};
  const char* at = buffer.data();
  const char* const end = at + std::min(buffer.size(), limits.max_head_bytes);
  fields.Clear();
  const StartLine line = parse_line(at, end);
  if (line.status == ParseStatus::kMalformed) return Fail(line.errc, line_name);
  ParseStatus status = line.status;
  if (status == ParseStatus::kDone) status = ParseFields(at, end, limits.max_fields, fields);
  switch (status) {
    case ParseStatus::kDone: return static_cast<std::size_t>(at - buffer.data());
    case ParseStatus::kPartial: break;
    case ParseStatus::kMalformed: return Fail(Errc::kMalformed, "field line");
    case ParseStatus::kTooMany: return Fail(Errc::kHeadTooLarge, "number of fields");
  }
  if (over) return Fail(Errc::kHeadTooLarge, "bytes");
  return std::size_t{0};
}

}  // namespace sallyport::http
