// SPDX-License-Identifier: Apache-2.0
// The authority of a request: the Host field and the absolute-form's authority (RFC 9110 §7.2).
//
// Normalised: lower case, one trailing dot removed, IPv6 in its RFC 5952 form. Refused: user info, empty hosts, ports
// outside 1…65535, characters that no host name has.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sallyport/base/url.h"
#include "sallyport/http/request_head.h"
#include "sallyport/http/target.h"

namespace sallyport::http {

struct Authority {
  std::string host;        // name, IPv4, or "[IPv6]"
  std::uint16_t port = 0;  // 0: none given
  bool operator==(const Authority&) const = default;
};

// Errors: kBadHost.
Result<Authority> ParseAuthority(std::string_view text);

// The authority that the request addresses, as received. HTTP/1.1 must have exactly one Host, 1.0 at most one ("" when
// none); with an absolute target its authority must be the same. Errors: kBadHost (also when it does not parse).
Result<std::string_view> RequestAuthority(const RequestHead& head, const Target& target);

// True when `authority` (as received) addresses `origin`: same host, same port, where no port means the scheme's default.
// Behind a proxy that ends TLS the default port is still that of `origin.scheme`. Does not allocate for ordinary hosts.
bool AddressesOrigin(std::string_view authority, const Origin& origin);

}  // namespace sallyport::http
