// SPDX-License-Identifier: Apache-2.0
// The judgement of a request, shared by the pipeline, which then proxies it, and by forward-auth, which then answers another
// proxy. Pure: the session has been resolved before.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sallyport/gateway/options.h"
#include "sallyport/gateway/route_table.h"
#include "sallyport/http/request_head.h"
#include "sallyport/http/target.h"
#include "sallyport/session/session.h"

namespace sallyport::gateway {

// Whom a request addresses (WIRE.md §3).
struct Place {
  enum Kind : std::uint8_t { kRoute, kOwn, kMisdirected, kNowhere } kind;
  int route = -1;                 // kRoute only
};
// `authority` as received (S28). Internal hosts may address our own endpoints only.
Place PlaceRequest(const GatewayOptions& options, const RouteTable& routes, const http::Target& target, std::string_view authority);

// Whether the session is looked up. On public routes only where the cookie itself goes on to the application: a session that
// was ended must not go with it.
bool AsksForSession(const GatewayOptions& options, const Route& route, const UpstreamPolicy& upstream);

enum class Verdict : std::uint8_t {
  kAllowed,
  kLoginRequired,
  kInvalidToken,   // a bearer came where only a session counts; ours are refused at the front door (S23)
  kForbidden,      // signed in, but not for this
  kCsrfOrigin,
  kCsrfToken,
  kAskForm,        // no token in the head, but the body may be a form that holds one
};
// Policy, then CSRF: a stranger learns that sign-in is needed, not which check failed. `session` may be null.
Verdict JudgeRequest(const Route& route, const UpstreamPolicy& upstream, const http::RequestHead& head,
                     const session::SessionData* session, std::span<const std::string> own_origins);

// S13: browsers always send Origin with a WebSocket handshake; without one a cookie session must not open a tunnel.
bool MayOpenTunnel(const http::HeaderTable& fields, bool has_session, std::span<const std::string> own_origins);

}  // namespace sallyport::gateway
