// SPDX-License-Identifier: Apache-2.0
// Settings of the net layer; config/ fills them in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/http/ip_address.h"
#include "sallyport/http/request_head.h"

namespace sallyport::net {

struct ListenAddress {
  std::string host;          // IPv4/IPv6 literal; empty when `unix_path` is set
  std::uint16_t port = 0;    // 0: any free port (tests)
  std::string unix_path;

  bool operator==(const ListenAddress&) const = default;
};

struct ServerOptions {
  std::vector<ListenAddress> listen;
  http::HeadLimits head;
  Duration header_timeout{10'000};       // first byte of a head to its last
  Duration idle_timeout{75'000};         // between requests
  Duration body_timeout{30'000};         // between two pieces of a request body
  std::uint32_t min_body_rate = 500;     // bytes a second that a request body brings while it is waited for; 0: any
  Duration write_timeout{30'000};        // a client that accepts nothing
  std::size_t max_connections = 65'536;  // per process; beyond it new ones get 503 and are closed
  std::uint32_t max_connections_per_address = 0;  // IPv6 by /64; beyond it 429; 0: no limit
  std::vector<http::Cidr> uncounted;     // peers that this does not apply to
};

// Requests and mail that the gateway itself sends.
struct OutboundOptions {
  std::string ca_file;                   // PEM: certificate authorities that are trusted besides the system's; empty: those alone
};

struct UpstreamOptions {
  std::string name;
  struct Address {
    std::string host;        // name or literal, resolved at start and again when connecting fails
    std::uint16_t port = 0;
    std::string unix_path;   // used instead when set

    bool operator==(const Address&) const = default;
  };
  std::vector<Address> addresses;
  Duration connect_timeout{3'000};
  Duration head_timeout{60'000};         // request sent to answer head complete: 504
  Duration idle_timeout{300'000};        // between two pieces of an answer's body
  Duration pooled_idle_timeout{50'000};  // unused pooled connections are closed
  std::size_t max_connections = 1024;    // per worker and address
  std::size_t max_pooled = 256;          // idle, per worker and address
  int failures_until_out = 3;
  Duration out_for{10'000};

  bool operator==(const UpstreamOptions&) const = default;
};

}  // namespace sallyport::net
