// SPDX-License-Identifier: Apache-2.0
// URLs that come from configuration or from a peer we chose (RFC 3986, http and https only; unix sockets for upstreams).
//
// Not for request targets (http/target.h) and not for redirect targets (http/same_origin.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sallyport/base/result.h"

namespace sallyport {

// scheme://host:port, normalised: scheme and host in lower case, the port left out when it is the scheme's default.
struct Origin {
  std::string scheme;  // "http" or "https"
  std::string host;    // name, IPv4, or "[IPv6]"
  std::uint16_t port = 0;

  std::string ToString() const;
  // host[:port], as it stands in a Host header.
  std::string Authority() const;
  bool secure() const { return scheme == "https"; }
  bool operator==(const Origin&) const = default;
};

struct Url {
  Origin origin;
  std::string path = "/";  // with the leading slash, without query
  std::string query;       // without "?"

  std::string ToString() const;
  std::string PathAndQuery() const;
  bool operator==(const Url&) const = default;
};

// Absolute http(s) URL without user info and fragment. Errors: std::errc::invalid_argument with a sentence in `detail`.
Result<Url> ParseUrl(std::string_view text);
// The same, and path must be "/" or absent, query absent.
Result<Origin> ParseOrigin(std::string_view text);

// Percent-encodes all but RFC 3986 unreserved characters (like encodeURIComponent, which also leaves !'()* alone).
std::string PercentEncode(std::string_view text);
// Decodes %XX; fails on a broken escape. `+` is not a space here (that is http/form.h's business).
Result<std::string> PercentDecode(std::string_view text);

}  // namespace sallyport
