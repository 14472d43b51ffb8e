// SPDX-License-Identifier: Apache-2.0
// Parses an HTTP/1.x request head in place (RFC 9112 §3 and §5), strictly.
//
// Refuses: bare CR or LF, obs-fold, NUL and other controls, space before the colon, empty names, bytes >= 0x80 or controls
// in the target, versions other than HTTP/1.0 and 1.1, TRACE/TRACK/CONNECT. Accepts obs-text in values.
// White space behind Content-Length and Transfer-Encoding is refused too: parsers differ on it.
// One empty line before the request line is skipped. SSE2; 0.25 µs for a browser's head. Pure; views into `buffer`.
#pragma once

#include <cstdint>
#include <string_view>

#include "sallyport/base/result.h"
#include "sallyport/http/errc.h"
#include "sallyport/http/header_field.h"

namespace sallyport::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

// GET, HEAD, OPTIONS (RFC 9110 §9.2.1). Unknown methods are unsafe.
constexpr bool IsSafe(Method m) { return m == Method::kGet || m == Method::kHead || m == Method::kOptions; }
// Safe methods, PUT and DELETE (RFC 9110 §9.2.2).
constexpr bool IsIdempotent(Method m) { return IsSafe(m) || m == Method::kPut || m == Method::kDelete; }

struct HeadLimits {
  std::size_t max_head_bytes = 16 * 1024;
  std::size_t max_target_bytes = 8 * 1024;
  std::size_t max_fields = 100;  // at most kMaxHeaderFields
};

struct RequestHead {
  Method method = Method::kGet;
  std::string_view method_name;
  std::string_view raw_target;   // as received; http/target.h makes it canonical
  std::uint8_t minor_version = 1;
  HeaderTable fields;
};

// Bytes used by the head (with its final CRLF), or 0 when it is not complete yet. The first `already_scanned` bytes of
// `buffer` are known to hold no end of head (lets a slow client cost O(n)).
// Errors: kMalformed, kHeadTooLarge, kTargetTooLong, kVersion, kMethodNotAllowed.
Result<std::size_t> ParseRequestHead(std::string_view buffer, std::size_t already_scanned, const HeadLimits& limits,
                                     RequestHead& out);

}  // namespace sallyport::http
