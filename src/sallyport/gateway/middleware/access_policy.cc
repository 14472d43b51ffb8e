// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/middleware/access_policy.h"

#include <algorithm>

namespace sallyport::gateway {
namespace {

bool Holds(const json::value& claim, const std::string& wanted) {
  if (const auto* text = claim.if_string()) return std::string_view(*text) == wanted;
  if (const auto* array = claim.if_array())
    return std::any_of(array->begin(), array->end(), [&](const json::value& v) { return Holds(v, wanted); });
  if (claim.is_bool()) return wanted == (claim.as_bool() ? "true" : "false");
  if (claim.is_int64()) return wanted == std::to_string(claim.as_int64());
  return false;
}

bool HasGroup(const Route& route, const session::SessionData& session) {
  return route.groups.empty() || std::any_of(route.groups.begin(), route.groups.end(), [&](const std::string& group) {
           return std::binary_search(session.groups.begin(), session.groups.end(), group);
         });
}

bool HasClaims(const Route& route, const session::SessionData& session) {
  return std::all_of(route.required_claims.begin(), route.required_claims.end(), [&](const auto& required) {
    const json::value* claim = session.claims.if_contains(required.first);
    return claim && std::any_of(required.second.begin(), required.second.end(),
                                [&](const std::string& value) { return Holds(*claim, value); });
  });
}

}  // namespace

bool HasConditions(const Route& route) { return !route.groups.empty() || !route.required_claims.empty(); }

AccessVerdict JudgeAccess(const Route& route, const session::SessionData* session) {
  const bool conditions = HasConditions(route);
  if (!session) {
    return route.access == Access::kSession || conditions ? AccessVerdict::kLoginRequired : AccessVerdict::kAllowed;
  }
  if (!conditions) return AccessVerdict::kAllowed;
  return HasGroup(route, *session) && HasClaims(route, *session) ? AccessVerdict::kAllowed : AccessVerdict::kForbidden;
}

}  // namespace sallyport::gateway
