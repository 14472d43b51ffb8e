// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>
#include <set>

#include "sallyport/config/listen_address.h"
#include "sallyport/config/sections.h"

namespace sallyport::config {
namespace {

using Address = net::UpstreamOptions::Address;

void ReadAddresses(Section& upstream, gateway::UpstreamPolicy& policy) {
  upstream.Read("external", policy.external);
  if (policy.external) {
    if (upstream.Has("url")) upstream.Report("url", "has no use: another proxy sends the requests there", "leave out url or external");
    return;
  }
  upstream.Require("url", "e.g. url = \"http://127.0.0.1:3000\"");
  std::set<std::string> seen;
  for (const auto* item : upstream.Strings("url")) {
    const auto report = [&](std::string message, std::string hint) {
      upstream.ReportAt(item->line, "url", fmt::format("'{}' {}", item->shown, message), std::move(hint));
    };
    if (!seen.insert(item->text).second) {
      report("is there twice", "name each address once");
      continue;
    }
    if (item->text.starts_with("unix:")) {
      const auto path = item->text.substr(5);
      if (!path.starts_with('/') || path.size() > kMaxSocketPath) {
        report("is not a socket's path", "write unix:/run/app.sock, at most 107 bytes");
      } else {
        policy.net.addresses.push_back(Address{.host = "", .port = 0, .unix_path = path});
      }
      continue;
    }
    if (item->text.starts_with("https://")) {
      report("needs TLS to upstreams, which is not built yet", "use http:// or unix:/PATH");
      continue;
    }
    const auto url = ParseUrl(item->text);
    if (!url) {
      report("is not an address of an upstream", "write http://HOST:PORT or unix:/PATH");
    } else if (url->path != "/" || !url->query.empty()) {
      report("has a path", "write http://HOST:PORT only; a route's strip_prefix changes paths");
    } else {
      auto host = url->origin.host;
      if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
      policy.net.addresses.push_back(Address{.host = host, .port = url->origin.port, .unix_path = ""});
      if (policy.upstream_authority.empty()) policy.upstream_authority = url->origin.Authority();
    }
  }
  if (const auto* value = upstream.Find("url"); value && value->kind == RawValue::Kind::kArray && value->items.empty()) {
    upstream.Report("url", "names no address");
  }
}

void ReadTimes(Section& upstream, net::UpstreamOptions& net) {
  upstream.Read("connect_timeout", net.connect_timeout, Duration(10), std::chrono::minutes(5));
  upstream.Read("head_timeout", net.head_timeout, Duration(10), std::chrono::hours(24));
  upstream.Read("idle_timeout", net.idle_timeout, Duration(10), std::chrono::hours(24 * 7));
  upstream.Read("pooled_idle_timeout", net.pooled_idle_timeout, Duration(10), std::chrono::hours(24));
  upstream.ReadNumber("max_connections", net.max_connections, 1, 1'000'000);
  upstream.ReadNumber("max_pooled", net.max_pooled, 0, 1'000'000);
  upstream.ReadNumber("failures_until_out", net.failures_until_out, 1, 1000);
  upstream.Read("out_for", net.out_for, Duration(10), std::chrono::hours(1));
}

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

}  // namespace

void ReadUpstream(Section& upstream, const std::string& name, Config& out) {
  gateway::UpstreamPolicy policy;
  policy.net.name = name;
  policy.audience = name;
  if (!IsName(name)) upstream.Report("", "an upstream's name is 1 to 64 of A-Z, a-z, 0-9, - and _");
  ReadAddresses(upstream, policy);
  ReadTimes(upstream, policy.net);
  upstream.ReadChoice<gateway::UpstreamKind>("kind", policy.kind,
                                             {{"api", gateway::UpstreamKind::kApi}, {"pages", gateway::UpstreamKind::kPages}});
  policy.csrf = policy.kind == gateway::UpstreamKind::kPages ? gateway::Csrf::kOrigin : gateway::Csrf::kToken;
  upstream.ReadChoice<gateway::Csrf>(
      "csrf", policy.csrf,
      {{"token", gateway::Csrf::kToken}, {"origin", gateway::Csrf::kOrigin}, {"off", gateway::Csrf::kOff}});
  if (policy.csrf == gateway::Csrf::kOff) {
    out.warnings.push_back(fmt::format("upstream.{}.csrf is \"off\": other sites can post to it in a signed-in person's name.", name));
  }
  if (upstream.Read("audience", policy.audience) && policy.audience.empty()) upstream.Report("audience", "must not be empty");
  upstream.ReadList("claims", policy.claims);
  upstream.Read("bearer_for", policy.bearer_for);
  upstream.ReadNumber("max_in_flight", policy.max_in_flight, 0, 1'000'000);
  upstream.ReadChoice<bool>("host", policy.public_host, {{"public", true}, {"upstream", false}});
  if (!policy.public_host && policy.upstream_authority.empty() && !policy.net.addresses.empty()) {
    upstream.Report("host", "a unix socket has no host of its own", "leave it out: the upstream sees public_url's");
  }
  if (policy.kind == gateway::UpstreamKind::kApi && !policy.bearer_for.empty()) {
    upstream.Report("bearer_for", "is for upstreams of kind \"pages\"",
                    "an API gets its token from the route: identity = \"jwt\"");
  }
  out.gateway.upstreams.push_back(std::move(policy));
}

}  // namespace sallyport::config
