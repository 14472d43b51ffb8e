// SPDX-License-Identifier: Apache-2.0
// Parses an upstream's response head in place (RFC 9112 §4), as strictly as requests are (S25).
#pragma once

#include "sallyport/http/request_head.h"

namespace sallyport::http {

struct ResponseHead {
  std::uint16_t status = 0;      // 100…599
  std::string_view reason;       // without controls; may be empty
  std::uint8_t minor_version = 1;
  HeaderTable fields;
};

// As ParseRequestHead. Errors: kMalformed, kHeadTooLarge, kVersion.
Result<std::size_t> ParseResponseHead(std::string_view buffer, std::size_t already_scanned, const HeadLimits& limits,
                                      ResponseHead& out);

// "OK" for 200 …; "" for a status without a registered phrase.
std::string_view ReasonPhrase(std::uint16_t status);

}  // namespace sallyport::http
