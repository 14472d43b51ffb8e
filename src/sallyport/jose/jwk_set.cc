// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/jwk_set.h"

#include "sallyport/jose/errc.h"

namespace sallyport::jose {
namespace {

constexpr std::size_t kMaxKeys = 100;

}  // namespace

Result<JwkSet> JwkSet::Parse(std::string_view text) {
  auto document = ParseJsonObject(text);
  if (!document) return Fail(Errc::kMalformed, "JWK Set: " + document.error().detail);
  return FromJson(*document);
}

Result<JwkSet> JwkSet::FromJson(const json::object& document) {
  const json::value* keys = document.if_contains("keys");
  if (keys == nullptr || !keys->is_array()) return Fail(Errc::kMalformed, "JWK Set without an array keys");
  JwkSet out;
  std::size_t looked_at = 0;
  for (const json::value& item : keys->get_array()) {
    if (++looked_at > kMaxKeys) break;
    if (!item.is_object()) continue;
    if (auto key = Jwk::Parse(item.get_object())) out.Add(*std::move(key));
  }
  return out;
}

const Jwk* JwkSet::Find(std::string_view kid) const {
  if (kid.empty()) return nullptr;
  for (const Jwk& key : keys_)
    if (key.kid() == kid) return &key;
  return nullptr;
}

json::object JwkSet::ToPublicJson() const {
  json::array keys;
  for (const Jwk& key : keys_)
    if (!key.symmetric()) keys.emplace_back(key.ToPublicJson());
  json::object out;
  out.emplace("keys", std::move(keys));
  return out;
}

}  // namespace sallyport::jose
