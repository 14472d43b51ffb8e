// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/session_claims.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace sallyport::session {
namespace {

constexpr std::array<std::string_view, 20> kReserved = {
    "name", "email", "picture", "image", "sub", "iat", "exp", "nbf", "jti", "iss", "aud",
    "sid", "auth_time", "sae", "amr", "method", "groups", "email_verified", "ver", "__proto__"};

constexpr std::size_t kMaxUserIdBytes = 255;
constexpr std::size_t kSessionIdLength = 22;

bool IsSessionId(std::string_view id) {
  return id.size() == kSessionIdLength && std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '-' || c == '_';
         });
}

json::array ToArray(const std::vector<std::string>& values) {
  json::array array;
  for (const std::string& value : values) array.emplace_back(value);
  return array;
}

std::optional<std::vector<std::string>> GetStrings(const json::object& claims, std::string_view name) {
  std::vector<std::string> strings;
  const json::value* found = claims.if_contains(name);
  if (!found) return strings;
  if (!found->is_array()) return std::nullopt;
  for (const json::value& item : found->get_array()) {
    if (!item.is_string()) return std::nullopt;
    strings.emplace_back(item.get_string());
  }
  return strings;
}

std::optional<std::string> GetOwned(const json::object& claims, std::string_view name) {
  const auto view = GetString(claims, name);
  return view ? std::optional<std::string>(*view) : std::nullopt;
}

}  // namespace

bool IsReservedClaim(std::string_view name) { return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end(); }

std::optional<Timestamp> GetTime(const json::object& claims, std::string_view name) {
  constexpr std::int64_t kYear10000 = 253'402'300'800;
  const auto seconds = GetInteger(claims, name);
  if (!seconds || *seconds < 0 || *seconds >= kYear10000) return std::nullopt;
  return FromUnixSeconds(*seconds);
}

json::object ToCookieClaims(const SessionData& data, Timestamp now, Timestamp idle_end) {
  json::object claims;
  if (data.name) claims["name"] = *data.name;
  if (data.email) claims["email"] = *data.email;
  if (data.image) claims["picture"] = *data.image;
  claims["sub"] = data.user_id;
  claims["sid"] = data.id;
  claims["auth_time"] = UnixSeconds(data.auth_time);
  claims["sae"] = UnixSeconds(data.absolute_end);
  claims["method"] = data.method;
  claims["ver"] = data.version;
  if (!data.amr.empty()) claims["amr"] = ToArray(data.amr);
  if (!data.groups.empty()) claims["groups"] = ToArray(data.groups);
  if (data.email_verified) claims["email_verified"] = true;
  for (const auto& [name, value] : data.claims) {
    if (!IsReservedClaim(name)) claims[name] = value;
  }
  claims["iat"] = UnixSeconds(now);
  claims["exp"] = UnixSeconds(idle_end);
  return claims;
}

std::optional<CookieSession> FromCookieClaims(const json::object& claims) {
  const auto id = GetString(claims, "sid");
  const auto user_id = GetString(claims, "sub");
  const auto method = GetString(claims, "method");
  const auto version = GetInteger(claims, "ver");
  const auto auth_time = GetTime(claims, "auth_time"), end = GetTime(claims, "sae");
  const auto issued_at = GetTime(claims, "iat"), expires = GetTime(claims, "exp");
  auto amr = GetStrings(claims, "amr"), groups = GetStrings(claims, "groups");
  if (!id || !IsSessionId(*id) || !user_id || user_id->empty() || user_id->size() > kMaxUserIdBytes || !method) return std::nullopt;
  if (!auth_time || !end || !version || !issued_at || !expires || !amr || !groups) return std::nullopt;

  CookieSession session;
  SessionData& data = session.data;
  data.id = *id;
  data.user_id = *user_id;
  data.name = GetOwned(claims, "name");
  data.email = GetOwned(claims, "email");
  data.image = GetOwned(claims, "picture");
  const json::value* verified = claims.if_contains("email_verified");
  data.email_verified = verified && verified->is_bool() && verified->get_bool();
  data.groups = *std::move(groups);
  std::sort(data.groups.begin(), data.groups.end());
  data.method = *method;
  data.amr = *std::move(amr);
  data.auth_time = *auth_time;
  data.absolute_end = *end;
  data.version = *version;
  for (const auto& [name, value] : claims) {
    if (!IsReservedClaim(name)) data.claims[name] = value;
  }
  session.issued_at = *issued_at;
  session.idle_end = std::min(*expires, data.absolute_end);
  return session;
}

}  // namespace sallyport::session
