// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/middleware/judge.h"

#include <algorithm>

#include "sallyport/gateway/handlers/endpoint.h"
#include "sallyport/gateway/middleware/access_policy.h"
#include "sallyport/gateway/middleware/csrf.h"
#include "sallyport/http/fetch_metadata.h"
#include "sallyport/http/host.h"

namespace sallyport::gateway {
namespace {

bool IsInternalHost(const GatewayOptions& options, std::string_view authority) {
  return std::any_of(options.internal_hosts.begin(), options.internal_hosts.end(),
                     [&](const std::string& host) { return http::EqualsIgnoreCase(host, authority); });
}

bool AddressesUs(const GatewayOptions& options, std::string_view authority) {
  return http::AddressesOrigin(authority, options.public_url) ||
         std::any_of(options.aliases.begin(), options.aliases.end(),
                     [&](const Origin& alias) { return http::AddressesOrigin(authority, alias); });
}

// "Bearer x": tokens for clients come with /api/auth/token; none is accepted yet.
bool HasBearer(const http::HeaderTable& fields) {
  const std::string_view value = fields.Get(http::HeaderId::kAuthorization);
  return value.size() > 7 && http::EqualsIgnoreCase(value.substr(0, 7), "Bearer ");
}

Verdict VerdictOf(CsrfVerdict verdict) {
  switch (verdict) {
    case CsrfVerdict::kPassed: return Verdict::kAllowed;
    case CsrfVerdict::kAskForm: return Verdict::kAskForm;
    case CsrfVerdict::kBadToken: return Verdict::kCsrfToken;
    case CsrfVerdict::kBadOrigin: break;
  }
  return Verdict::kCsrfOrigin;
}

}  // namespace

Place PlaceRequest(const GatewayOptions& options, const RouteTable& routes, const http::Target& target, std::string_view authority) {
  const bool own = IsOwnPath(target.path);
  if (!AddressesUs(options, authority) && !(own && IsInternalHost(options, authority))) return {Place::kMisdirected};
  if (own) return {Place::kOwn};
  const int route = target.form == http::TargetForm::kAsterisk ? -1 : routes.Match(target.path);
  return route < 0 ? Place{Place::kNowhere} : Place{Place::kRoute, route};
}

bool AsksForSession(const GatewayOptions& options, const Route& route, const UpstreamPolicy& upstream) {
  return route.access != Access::kPublic || (options.forward_session_cookie && upstream.kind == UpstreamKind::kPages);
}

Verdict JudgeRequest(const Route& route, const UpstreamPolicy& upstream, const http::RequestHead& head,
                     const session::SessionData* session, std::span<const std::string> own_origins) {
  if (route.access == Access::kSession && !route.pass_authorization && HasBearer(head.fields)) return Verdict::kInvalidToken;
  switch (JudgeAccess(route, session)) {
    case AccessVerdict::kAllowed: break;
    case AccessVerdict::kLoginRequired: return Verdict::kLoginRequired;
    case AccessVerdict::kForbidden: return Verdict::kForbidden;
  }
  if (!session || http::IsSafe(head.method)) return Verdict::kAllowed;
  return VerdictOf(JudgeCsrf(route.csrf.value_or(upstream.csrf), head, own_origins, session->csrf_token));
}

bool MayOpenTunnel(const http::HeaderTable& fields, bool has_session, std::span<const std::string> own_origins) {
  if (http::HasOwnOrigin(fields, own_origins)) return true;
  return !has_session && !fields.Has(http::HeaderId::kOrigin);
}

}  // namespace sallyport::gateway
