// SPDX-License-Identifier: Apache-2.0
// Where a request comes from, by what browsers say (Fetch Metadata) and Origin (S10, S13), and whether it is a navigation.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sallyport/http/request_head.h"

namespace sallyport::http {

enum class Provenance : std::uint8_t {
  kSameOrigin,  // Sec-Fetch-Site same-origin; or, without that field, an Origin that is ours
  kUser,        // Sec-Fetch-Site none: typed, bookmarked
  kCross,       // anything else that a browser says; unknown, repeated or empty values too
  kAbsent,      // neither field
};

// `own_origins`: Origin::ToString() of public_url and its aliases, compared exactly.
Provenance JudgeProvenance(const HeaderTable& fields, std::span<const std::string> own_origins);
// The rule for unsafe methods by cookie: same-origin or user; kAbsent is refused.
bool PassesOriginCheck(const HeaderTable& fields, std::span<const std::string> own_origins);
// Exactly one Origin and it is ours. For WebSocket handshakes (S13) and CORS-listed callers.
bool HasOwnOrigin(const HeaderTable& fields, std::span<const std::string> own_origins);

// A page load: Sec-Fetch-Mode navigate; without that field, GET or HEAD that accepts text/html.
bool IsNavigation(const RequestHead& head);
// Prefetched or prerendered: Sec-Purpose (or the older Purpose / X-Moz) says so.
bool IsPrefetch(const HeaderTable& fields);
// The guard of GET start/:provider: same-origin, navigate, document, not prefetched; every field present (S11).
bool MayStartSignIn(const HeaderTable& fields);
// No Origin, no Sec-Fetch-* and no Cookie: not a browser (WIRE §2, `token`).
bool LooksLikeNonBrowser(const HeaderTable& fields);

}  // namespace sallyport::http
