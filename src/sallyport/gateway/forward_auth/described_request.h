// SPDX-License-Identifier: Apache-2.0
// The request that another proxy asks about (WIRE.md §2 "Forward-auth"): what its dialect's headers say, and nothing else.
//
//   nginx, haproxy  X-Original-Method, X-Original-URL (scheme://host/path?query)
//   traefik, caddy  X-Forwarded-Method, X-Forwarded-Host, X-Forwarded-Uri
//   envoy           the asking request itself: its method, its Host, its path behind /api/auth/verify
//
// Each header must be there exactly once; another spelling of its name (case, `_` for `-`) counts as a repetition. The
// method, host and target pass the parsers that requests of our own pass. What the upstream receives cannot be rewritten
// from here, so a target that is not canonical as it stands (but for the case of its escapes) is refused (S20).
// Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/gateway/options.h"
#include "sallyport/http/request_head.h"
#include "sallyport/http/target.h"

namespace sallyport::gateway {

inline constexpr std::string_view kVerifyPath = "/api/auth/verify";

// True for the raw targets that ask for a verdict: the path itself, with a query, or with a path behind it (envoy). Judged
// before the target is made canonical: a ".." in the path that is asked about must not lead to another of our endpoints.
bool AsksForVerdict(std::string_view raw_target);

struct DescribedRequest {
  http::RequestHead head;    // its method and target; the other fields are those of the asking request
  http::Target target;
  std::string_view authority;
};

// False: missing, repeated or not understood; `out` is then of no use. Its views point into `text`, which is overwritten, and
// into `asking`.
bool ReadDescribed(ForwardAuthDialect dialect, const http::RequestHead& asking, std::string& text, DescribedRequest& out);

}  // namespace sallyport::gateway
