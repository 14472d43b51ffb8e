// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/middleware/identity.h"

#include <algorithm>

#include "sallyport/gateway/access_keys.h"
#include "sallyport/token/access_token.h"

namespace sallyport::gateway {
namespace {

// Percent-encoded, so that a value can neither break a line nor mean something else in another charset.
void AppendIdentityHeaders(std::string& out, const session::SessionData* session) {
  const auto line = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(PercentEncode(value)).append("\r\n");
  };
  line("X-Auth-Subject", session ? std::string_view(session->user_id) : "");
  line("X-Auth-Email", session && session->email ? std::string_view(*session->email) : "");
  line("X-Auth-Name", session && session->name ? std::string_view(*session->name) : "");
  // The comma separates groups; inside a name it is encoded like everything else.
  out.append("X-Auth-Groups: ");
  if (session) {
    for (std::size_t i = 0; i < session->groups.size(); ++i) {
      if (i > 0) out += ',';
      out += PercentEncode(session->groups[i]);
    }
  }
  out.append("\r\n");
  line("X-Auth-Session", session ? std::string_view(session->id) : "");
}

const UpstreamPolicy* FindUpstream(const GatewayOptions& options, const std::string& name) {
  const auto found = std::find_if(options.upstreams.begin(), options.upstreams.end(),
                                  [&](const UpstreamPolicy& u) { return u.net.name == name; });
  return found == options.upstreams.end() ? nullptr : &*found;
}

json::object ChosenClaims(const session::SessionData& session, const std::vector<std::string>& chosen) {
  json::object out;
  for (const std::string& claim : chosen) {
    if (claim == "email") {
      if (session.email) {
        out["email"] = *session.email;
        out["email_verified"] = session.email_verified;
      }
    } else if (claim == "name") {
      if (session.name) out["name"] = *session.name;
    } else if (claim == "groups") {
      out["groups"] = json::array(session.groups.begin(), session.groups.end());
    } else if (const json::value* custom = session.claims.if_contains(claim)) {
      out[claim] = *custom;
    }
  }
  return out;
}

}  // namespace

IdentityMaker::IdentityMaker(const Services& services)
    : services_(services), issuer_(services.config.gateway.public_url.ToString()) {
  for (const Route& route : services.config.gateway.routes) {
    std::string& block = anonymous_.emplace_back();
    if (route.identity == Identity::kHeaders) AppendIdentityHeaders(block, nullptr);
  }
}

std::uint64_t IdentityMaker::Stamp() const { return std::uint64_t{services_.snapshot} << 32 | services_.access_keys.generation(); }

const session::IdentityBlock& IdentityMaker::BlockFor(session::Session& session, int route_index, Timestamp now) {
  session::IdentityBlock& block = session.identity(static_cast<std::size_t>(route_index));
  if (now >= block.valid_until || block.made_with != Stamp())
    Make(block, session, route_index, now);
  return block;
}

void IdentityMaker::Make(session::IdentityBlock& block, const session::Session& session, int route_index, Timestamp now) {
  const GatewayOptions& options = services_.config.gateway;
  const Route& route = options.routes[static_cast<std::size_t>(route_index)];
  const UpstreamPolicy& upstream = options.upstreams[route.upstream];
  block.block.clear();
  block.valid_until = session.data.absolute_end;
  block.made_with = Stamp();

  const UpstreamPolicy* audience = nullptr;
  if (route.identity == Identity::kJwt) audience = &upstream;
  else if (route.identity != Identity::kBackend && route.identity != Identity::kProvider && upstream.kind == UpstreamKind::kPages && !upstream.bearer_for.empty()) audience = FindUpstream(options, upstream.bearer_for);
  if (audience) {
    block.block.append("Authorization: Bearer ").append(MintFor(session.data, *audience, now)).append("\r\n");
    block.valid_until = std::min(block.valid_until, now + kAccessTokenLifetime * 8 / 10);
  }
  if (route.identity == Identity::kHeaders) AppendIdentityHeaders(block.block, &session.data);
  if (upstream.kind == UpstreamKind::kPages) block.block.append("X-Auth-Csrf: ").append(session.data.csrf_token).append("\r\n");
}

std::string IdentityMaker::MintFor(const session::SessionData& session, const UpstreamPolicy& audience, Timestamp now) {
  token::AccessTokenClaims claims;
  claims.issuer = issuer_;
  claims.audience = audience.audience;
  claims.subject = session.user_id;
  claims.client_id = "sallyport";
  claims.session = session.id;
  claims.id = services_.random.UuidV4();
  claims.issued_at = now;
  claims.expires_at = std::min(now + kAccessTokenLifetime, session.absolute_end);
  claims.authenticated_at = session.auth_time;
  claims.methods = session.amr;
  claims.extra = ChosenClaims(session, audience.claims);
  return services_.access_keys.Mint(claims);
}

}  // namespace sallyport::gateway
