// SPDX-License-Identifier: Apache-2.0
// Where the browser may be sent after signing in or out (S15): our own origin, or nowhere.
//
// Accepted: "/" followed by neither "/" nor "\", or an absolute URL of exactly our origin; the path must be one that
// http/target.h can make canonical, and comes out canonical. Spaces and non-ASCII UTF-8 are escaped. Refused: everything
// else, control characters anywhere, user info, backslashes outside the query.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sallyport/base/url.h"

namespace sallyport::http {

// "/path?query#fragment", or nullopt. `origin` is configuration, never the Host header.
std::optional<std::string> SameOriginPath(std::string_view target, const Origin& origin);
// "https://app.example.com/path?query#fragment"; an origin given without a path stays so, as next-auth has it.
std::optional<std::string> SameOriginUrl(std::string_view target, const Origin& origin);

}  // namespace sallyport::http
