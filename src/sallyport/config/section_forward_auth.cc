// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sallyport/config/sections.h"

namespace sallyport::config {
namespace {

using gateway::ForwardAuthDialect;

http::IpAddress BaseOf(const http::Cidr& network) {
  const std::string text = network.ToString();
  return http::IpAddress::Parse(text.substr(0, text.find('/'))).value_or(http::IpAddress());
}

bool Overlap(const http::Cidr& a, const http::Cidr& b) { return a.Contains(BaseOf(b)) || b.Contains(BaseOf(a)); }

bool IsTaken(const Config& config, const http::Cidr& network) {
  for (const auto& other : config.gateway.forward_auth) {
    for (const http::Cidr& peer : other.peers) {
      if (Overlap(peer, network)) return true;
    }
  }
  return false;
}

}  // namespace

void ReadForwardAuth(Section& section, Config& out) {
  gateway::ForwardAuthOptions options;
  section.Require("dialect", "which proxy asks: \"nginx\", \"traefik\", \"caddy\", \"haproxy\" or \"envoy\"");
  section.ReadChoice<ForwardAuthDialect>("dialect", options.dialect,
                                         {{"nginx", ForwardAuthDialect::kNginx},
                                          {"traefik", ForwardAuthDialect::kTraefik},
                                          {"caddy", ForwardAuthDialect::kCaddy},
                                          {"haproxy", ForwardAuthDialect::kHaproxy},
                                          {"envoy", ForwardAuthDialect::kEnvoy}});
  section.Require("peers", "the addresses of the proxy that asks, e.g. peers = [\"127.0.0.1\"]");
  for (const auto* item : section.Strings("peers")) {
    const auto network = http::Cidr::Parse(item->text);
    if (!network) {
      section.ReportAt(item->line, "peers", fmt::format("'{}' is not a network", item->shown),
                       "write an address or CIDR without bits beyond the prefix: \"10.0.0.0/8\"");
    } else if (IsTaken(out, *network)) {
      // Whoever may choose the dialect chooses which headers are believed.
      section.ReportAt(item->line, "peers", fmt::format("'{}' has a dialect already", item->shown), "each address asks in one dialect");
    } else {
      options.peers.push_back(*network);
    }
  }
  if (const auto* value = section.Find("peers"); value && value->kind == RawValue::Kind::kArray && value->items.empty()) {
    section.Report("peers", "names nobody: every request would be refused");
  }
  out.gateway.forward_auth.push_back(std::move(options));
}

}  // namespace sallyport::config
