// SPDX-License-Identifier: Apache-2.0
// The part that request and response heads share: field lines up to the empty line, and the search for the head's end.
#pragma once

#include "sallyport/base/result.h"
#include "sallyport/http/errc.h"
#include "sallyport/http/request_head.h"

namespace sallyport::http {

enum class ParseStatus : std::uint8_t { kDone, kPartial, kMalformed, kTooMany };

// First byte at or after `at` that a field value may not hold (CR and LF included), or `end`.
const char* ScanFieldText(const char* at, const char* end);
// Parses field lines from `at` until the empty line; on kDone `at` is behind it.
ParseStatus ParseFields(const char*& at, const char* end, std::size_t max_fields, HeaderTable& out);

// False when the bytes of `buffer` from `already_scanned` on hold neither the end of a head nor a bare LF, so that
// parsing again would end where it ended before.
bool MayHoldHeadEnd(std::string_view buffer, std::size_t already_scanned);

}  // namespace sallyport::http
