// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/adoption.h"

#include <fmt/format.h>

#include <algorithm>

#include "sallyport/jose/base64url.h"
#include "sallyport/session/session_claims.h"

namespace sallyport::session {
namespace {

constexpr std::size_t kMaxIdBytes = 255;
constexpr std::size_t kSessionIdBytes = 16;

bool IsPrintableId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxIdBytes && std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

Adoption::Adoption(const SessionOptions& options, const crypto::DerivedKeys& keys)
    : enabled_(!options.compat_secrets.empty() && options.compat != NextAuthCompat::kOff),
      until_(options.adopt_until) {
  for (const Secret& key : keys.All(crypto::KeyPurpose::kSessionAux)) keys_.emplace_back(key.Reveal());
}

std::vector<model::SessionId> Adoption::IdsOf(const json::object& claims) const {
  std::vector<model::SessionId> ids;
  const auto jti = GetString(claims, "jti"), sub = GetString(claims, "sub");
  const auto iat = GetTime(claims, "iat");
  if (claims.contains("sid") || !jti || !sub || !iat || !IsPrintableId(*jti) || !IsPrintableId(*sub)) return ids;
  // Lengths make it unambiguous.
  const std::string name = fmt::format("adopted:{}:{}:{}:{}:{}", jti->size(), *jti, UnixSeconds(*iat), sub->size(), *sub);
  for (const auto& key : keys_) {
    const auto mac = key.Mac(name);
    ids.push_back(jose::EncodeBase64Url(crypto::AsView(mac).substr(0, kSessionIdBytes)));
  }
  return ids;
}

std::optional<model::SessionRecord> Adoption::RecordFor(const json::object& claims, const model::SessionId& id, Timestamp now,
                                                       const SessionRules& rules) const {
  model::SessionRecord record;
  record.id = id;
  record.user_id = GetString(claims, "sub").value_or("");
  record.method = "adopted";
  record.auth_time = std::min(GetTime(claims, "iat").value_or(Timestamp()), now);
  record.last_seen = now;
  record.absolute_end = record.auth_time + rules.max_lifetime;
  record.idle_end = std::min(now + rules.idle_timeout, record.absolute_end);
  if (record.absolute_end <= now) return std::nullopt;

  json::object profile, custom;
  for (const auto& [from, to] : {std::pair("name", "name"), std::pair("email", "email"), std::pair("picture", "image")}) {
    if (const auto value = GetString(claims, from)) profile[to] = *value;
  }
  for (const std::string& name : rules.update_claims) {
    const json::value* value = claims.if_contains(name);
    if (value && !IsReservedClaim(name)) custom[name] = *value;
  }
  record.profile_json = json::serialize(profile);
  record.claims_json = json::serialize(custom);
  return record;
}

}  // namespace sallyport::session
