// SPDX-License-Identifier: Apache-2.0
// Who the client is, when listed proxies stand in front (S24): X-Forwarded-For or Forwarded (RFC 7239), right to left.
//
// Nothing is believed unless the connection comes from a trusted proxy. The walk ends at the first address that is not
// trusted, or at the last good one when an entry does not parse. Only the one configured header is read: a proxy that
// writes one usually lets the client's other through.
#pragma once

#include <string_view>
#include <vector>

#include "sallyport/http/header_field.h"
#include "sallyport/http/ip_address.h"

namespace sallyport::http {

// Immutable; thread-safe.
class TrustedProxies {
 public:
  TrustedProxies() = default;
  explicit TrustedProxies(std::vector<Cidr> networks) : networks_(std::move(networks)) {}
  bool Contains(const IpAddress& address) const;
  bool empty() const { return networks_.empty(); }

 private:
  std::vector<Cidr> networks_;
};

enum class ForwardedSyntax : std::uint8_t { kXForwardedFor, kForwarded };

struct ClientAddress {
  IpAddress address;
  bool through_proxy = false;   // the connection came from a trusted proxy
  std::string_view proto;       // what the nearest proxy says: "http", "https" or empty
  std::string_view host;        // likewise; not validated, for logs only
};

ClientAddress ResolveClient(const IpAddress& peer, const HeaderTable& fields, const TrustedProxies& proxies,
                            ForwardedSyntax syntax = ForwardedSyntax::kXForwardedFor);

}  // namespace sallyport::http
