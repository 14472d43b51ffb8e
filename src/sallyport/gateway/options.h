// SPDX-License-Identifier: Apache-2.0
// Settings of the gateway: upstreams, routes, pages, logs; config/ fills them in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/base/log.h"
#include "sallyport/base/url.h"
#include "sallyport/http/ip_address.h"
#include "sallyport/net/options.h"

namespace sallyport::gateway {

enum class Access : std::uint8_t { kSession, kOptional, kPublic };   // kPublic: the session is looked up only where its cookie is forwarded
enum class Identity : std::uint8_t { kNone, kJwt, kHeaders, kBackend, kProvider };
enum class Csrf : std::uint8_t { kToken, kOrigin, kOff };
enum class UpstreamKind : std::uint8_t { kApi, kPages };

struct UpstreamPolicy {
  net::UpstreamOptions net;                 // name, addresses, time-outs
  bool external = false;                    // another proxy sends the requests there; no addresses, forward-auth only
  UpstreamKind kind = UpstreamKind::kApi;
  std::string audience;                     // default: the name
  std::vector<std::string> claims;          // put into its JWT: "email", "name", "groups", custom claims
  std::string bearer_for;                   // pages: name of the API whose audience its bearer has; empty: none
  bool public_host = true;                  // host = "public" | "upstream"
  std::string upstream_authority;           // Host when host = "upstream"
  Csrf csrf = Csrf::kToken;                 // pages default to kOrigin
  std::uint32_t max_in_flight = 0;          // exchanges, over all workers; beyond it 503; 0: no limit
};

struct Route {
  std::string path;                         // canonical; exact, or a prefix that ends in "/*" ("/api/*" matches /api and below)
  std::size_t upstream = 0;                 // index
  Access access = Access::kSession;
  Identity identity = Identity::kNone;
  std::vector<std::string> providers;       // kProvider: whose tokens are attached; empty: of any
  std::optional<Csrf> csrf;                 // overrides the upstream's
  bool strip_prefix = false;
  bool pass_authorization = false;          // authorization = "pass"
  std::vector<std::string> groups;          // any of them; empty: no condition
  std::map<std::string, std::vector<std::string>> required_claims;  // custom claim → any of these values
  std::uint64_t max_body = 0;               // 0: no limit but the connection's time-outs
  std::uint32_t max_in_flight = 0;          // exchanges, over all workers; beyond it 503; 0: no limit
  std::uint32_t requests_per_address_per_minute = 0;  // beyond it 429; 0: no limit
};

struct PagesOptions {
  std::string name = "Sallyport";           // shown as the site's name
  std::string color = "#2f5bea";            // brand colour, #rrggbb
  std::string logo;                         // path or URL of an image; same origin unless listed in CSP by itself
  std::string sign_in, sign_out, error, verify_request, new_user;  // own pages of the app instead of ours: "/login"
};

// 0: no limit.
struct LimitOptions {
  Duration worker_wait{100};                // who may have waited longer for a worker gets 503
  std::uint32_t requests_in_flight = 0;     // over all workers, each its share
  std::uint32_t requests_per_address_per_second = 0;
  std::uint32_t request_burst_per_address = 0;   // at once
  std::uint32_t requests_of_address_in_flight = 0;  // of clients behind a trusted proxy, whose connections are not theirs
  // Addresses that limits by address do not apply to. This machine's: proxies that nobody has listed, the front end's requests.
  std::vector<http::Cidr> uncounted{*http::Cidr::Parse("127.0.0.0/8"), *http::Cidr::Parse("::1")};
};

struct LogOptions {
  log::Options diagnostic;
  bool access = true;
  std::string access_file;                  // empty: standard output
  log::Format access_format = log::Format::kText;

  bool operator==(const LogOptions&) const = default;
};

struct TracingOptions {
  std::string endpoint;                     // of OTLP/HTTP: "http://127.0.0.1:4318/v1/traces"; empty: no spans
  std::string service_name = "sallyport";
  int sample_percent = 100;                 // of the traces that begin here

  bool operator==(const TracingOptions&) const = default;
};

struct AdminOptions {
  std::optional<net::ListenAddress> tcp;    // /healthz, /readyz, /metrics
  std::string socket_path;                  // administration (0600)
};

// Whose headers describe the request that another proxy asks about (forward_auth/described_request.h).
enum class ForwardAuthDialect : std::uint8_t { kNginx, kTraefik, kCaddy, kHaproxy, kEnvoy };
struct ForwardAuthOptions {
  ForwardAuthDialect dialect = ForwardAuthDialect::kNginx;
  std::vector<http::Cidr> peers;            // who may ask, in this dialect alone
};

struct GatewayOptions {
  Origin public_url;
  std::vector<Origin> aliases;
  std::vector<std::string> internal_hosts;  // authorities that may call /api/auth/* only
  std::vector<http::Cidr> trusted_proxies;
  std::vector<ForwardAuthOptions> forward_auth;  // networks do not overlap
  std::vector<UpstreamPolicy> upstreams;
  std::vector<Route> routes;
  bool forward_session_cookie = false;
  std::vector<std::string> session_claims;  // custom claims shown in GET /api/auth/session; "id" adds user.id
  std::vector<std::pair<std::string, std::string>> response_headers;  // [headers]: added to proxied pages
  PagesOptions pages;
  LimitOptions limits;
  LogOptions logs;
  TracingOptions tracing;
  AdminOptions admin;
  bool dev = false;                         // mailbox page
  bool search_answers = false;              // answers' bodies are searched for the injected bearer
};

}  // namespace sallyport::gateway
