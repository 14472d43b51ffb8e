// SPDX-License-Identifier: Apache-2.0
// The one canonical target of a request (S20): what routing, policy and the upstream see, byte for byte.
//
// Path rules. Resolved: dot segments, also as %2e (above the root → refused). Collapsed: repeated slashes. Decoded:
// escapes of unreserved characters. Upper-cased: the other escapes. Escaped: " < > ^ ` { | }. Refused with kBadTarget:
// %2f, %5c, backslash, controls and NUL (raw or escaped), '#', broken escapes, escapes that do not decode to UTF-8, and
// ';' (servers disagree whether it ends a segment's name; `PathParameters::kLiteral` spells out the weakening, and even
// then "..;" and ".;" segments are refused). %3B passes, but not behind dots. The query is passed as it is; only '#' is refused in it.
// The result canonicalises to itself.
// A path without any of these is returned as a view into `raw_target`: no copy, no allocation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sallyport/base/result.h"
#include "sallyport/http/errc.h"
#include "sallyport/http/request_head.h"

namespace sallyport::http {

enum class TargetForm : std::uint8_t { kOrigin, kAbsolute, kAsterisk /* OPTIONS only */ };
enum class PathParameters : std::uint8_t { kRefused, kLiteral };

struct Target {
  TargetForm form = TargetForm::kOrigin;
  std::string_view path;            // canonical; begins with "/" ("*" for kAsterisk)
  std::string_view query;           // raw, without "?"
  bool has_query = false;           // tells "/x?" from "/x"
  std::string_view path_and_query;  // both, contiguous: what goes to an upstream
  std::string_view scheme;          // kAbsolute only, as received; the caller compares both with what it serves:
  std::string_view authority;       // RFC 9112 §3.2.2; must equal Host (see host.h) or the request is refused
};

// Views into `raw_target` or `scratch`, which is overwritten only when the target had to be rewritten.
// Errors: kBadTarget.
Result<Target> CanonicalTarget(std::string_view raw_target, Method method, std::string& scratch,
                               PathParameters parameters = PathParameters::kRefused);

// True when every octet of `path` has exactly one canonical spelling, so that no other request path reaches the same
// resource upstream. Route patterns in the configuration must satisfy it (letters, digits, - . _ ~ / and upper-case
// escapes of non-ASCII).
bool HasOneSpelling(std::string_view path);

}  // namespace sallyport::http
