// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/logout_token.h"

#include "sallyport/jose/errc.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/issuer.h"

namespace sallyport::oauth {
namespace {

constexpr std::string_view kEvent = "http://schemas.openid.net/event/backchannel-logout";
constexpr std::size_t kMaxTextBytes = 255;
constexpr std::chrono::seconds kMaxAge = std::chrono::minutes(10);  // a logout that is older has been retried long enough

// Empty when absent.
Result<std::string> Text(const json::object& claims, std::string_view name) {
  if (!claims.contains(name)) return std::string();
  const auto text = GetString(claims, name);
  if (!text || text->empty() || text->size() > kMaxTextBytes) return Fail(Errc::kMalformed, "claim " + std::string(name));
  return std::string(*text);
}

bool HasLogoutEvent(const json::object& claims) {
  const json::value* events = claims.if_contains("events");
  const json::value* event = events != nullptr && events->is_object() ? events->get_object().if_contains(kEvent) : nullptr;
  return event != nullptr && event->is_object();
}

Result<jose::VerifiedJwt> Verify(std::string_view compact, const jose::JwkSet& keys, const IdTokenPolicy& policy,
                                 std::string typ, const Clock& clock) {
  jose::JwtClaimsPolicy claims_policy(policy.issuer, policy.client_id);
  claims_policy.AllowAnyIssuer().MaxAge(kMaxAge).Tolerance(policy.tolerance);
  return jose::JwtVerifier(keys, policy.algorithms, std::move(typ), std::move(claims_policy), clock).Verify(compact);
}

}  // namespace

Result<LogoutToken> VerifyLogoutToken(std::string_view compact, const jose::JwkSet& keys, const IdTokenPolicy& policy, const Clock& clock) {
  auto jwt = Verify(compact, keys, policy, "logout+jwt", clock);
  if (!jwt && jwt.error().Is(jose::Errc::kWrongType)) jwt = Verify(compact, keys, policy, "", clock);
  if (!jwt) return std::unexpected(std::move(jwt).error());
  const json::object& claims = jwt->claims();
  if (!IssuerMatches(policy.issuer, jwt->issuer())) return Fail(Errc::kWrongIssuer, "iss of the logout token");
  if (!HasLogoutEvent(claims)) return Fail(Errc::kWrongEvent);
  if (claims.contains("nonce")) return Fail(Errc::kUnexpectedNonce);
  LogoutToken out;
  out.issuer = jwt->issuer();
  SALLYPORT_TRY(out.subject, Text(claims, "sub"));
  SALLYPORT_TRY(out.session_id, Text(claims, "sid"));
  SALLYPORT_TRY(out.jti, Text(claims, "jti"));
  if (out.jti.empty()) return Fail(Errc::kMissingClaim, "jti");
  if (out.subject.empty() && out.session_id.empty()) return Fail(Errc::kMissingClaim, "sub or sid");
  // exp may have a fraction; what it is rounded to only says how long the jti is remembered.
  out.expires = FromUnixSeconds(claims.at("exp").to_number<std::int64_t>() + 1) + policy.tolerance;
  return out;
}

}  // namespace sallyport::oauth
