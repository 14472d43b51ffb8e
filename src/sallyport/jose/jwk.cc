// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/jwk.h"

#include <algorithm>

#include "sallyport/crypto/digest.h"
#include "sallyport/jose/base64url.h"
#include "sallyport/jose/errc.h"

namespace sallyport::jose {
namespace {

constexpr std::size_t kMaxSymmetricBytes = 1024;

std::unexpected<Error> Bad(std::string why) { return Fail(Errc::kInvalidKey, std::move(why)); }

// A member that must be base64url text.
Result<std::string> Bytes(const json::object& object, std::string_view name) {
  const auto text = GetString(object, name);
  if (!text || text->empty()) return Bad("JWK without " + std::string(name));
  auto bytes = DecodeBase64Url(*text);
  if (!bytes) return Bad("JWK member " + std::string(name) + " is no base64url");
  return bytes;
}

// An optional member that must be a string when it is there.
Result<std::string> Text(const json::object& object, std::string_view name) {
  if (!object.contains(name)) return std::string();
  const auto text = GetString(object, name);
  if (!text) return Bad("JWK member " + std::string(name) + " is no string");
  return std::string(*text);
}

Result<std::vector<std::string>> KeyOps(const json::object& object) {
  std::vector<std::string> out;
  const json::value* value = object.if_contains("key_ops");
  if (value == nullptr) return out;
  if (!value->is_array() || value->get_array().size() > 16) return Bad("JWK member key_ops");
  for (const json::value& item : value->get_array()) {
    if (!item.is_string()) return Bad("JWK member key_ops");
    out.emplace_back(item.get_string());
  }
  return out;
}

Result<crypto::PublicKeyParts> PublicParts(const json::object& object, std::string_view kty) {
  crypto::PublicKeyParts parts;
  if (kty == "RSA") {
    parts.type = crypto::KeyType::kRsa;
    SALLYPORT_TRY(parts.n, Bytes(object, "n"));
    SALLYPORT_TRY(parts.e, Bytes(object, "e"));
    return parts;
  }
  const std::string_view crv = GetString(object, "crv").value_or("");
  SALLYPORT_TRY(parts.x, Bytes(object, "x"));
  if (kty == "OKP") {
    if (crv != "Ed25519") return Bad("JWK with an unknown crv");
    parts.type = crypto::KeyType::kEd25519;
    return parts;
  }
  if (kty != "EC") return Bad("JWK with an unknown kty");
  if (crv == "P-256") {
    parts.type = crypto::KeyType::kP256;
  } else if (crv == "P-384") {
    parts.type = crypto::KeyType::kP384;
  } else if (crv == "P-521") {
    parts.type = crypto::KeyType::kP521;
  } else {
    return Bad("JWK with an unknown crv");
  }
  SALLYPORT_TRY(parts.y, Bytes(object, "y"));
  return parts;
}

Result<crypto::PrivateKey> PrivateHalf(const json::object& object, crypto::PublicKeyParts public_parts) {
  crypto::PrivateKeyParts parts;
  parts.public_parts = std::move(public_parts);
  SALLYPORT_TRY(std::string d, Bytes(object, "d"));
  parts.d = Secret(std::move(d));
  if (parts.public_parts.type == crypto::KeyType::kRsa) {
    const std::pair<const char*, Secret*> members[] = {{"p", &parts.p}, {"q", &parts.q}, {"dp", &parts.dp}, {"dq", &parts.dq}, {"qi", &parts.qi}};
    for (const auto& [name, to] : members) {
      SALLYPORT_TRY(std::string bytes, Bytes(object, name));
      *to = Secret(std::move(bytes));
    }
  }
  auto key = crypto::PrivateKey::FromParts(parts);
  if (!key) return Bad("JWK whose private half is no key");
  return key;
}

// The members that make the key, in RFC 7638's order.
std::vector<std::pair<std::string_view, std::string>> RequiredMembers(const crypto::PublicKeyParts& parts) {
  using crypto::KeyType;
  if (parts.type == KeyType::kRsa) return {{"e", EncodeBase64Url(parts.e)}, {"kty", "RSA"}, {"n", EncodeBase64Url(parts.n)}};
  if (parts.type == KeyType::kEd25519) return {{"crv", "Ed25519"}, {"kty", "OKP"}, {"x", EncodeBase64Url(parts.x)}};
  const char* const crv = parts.type == KeyType::kP256 ? "P-256" : parts.type == KeyType::kP384 ? "P-384" : "P-521";
  return {{"crv", crv}, {"kty", "EC"}, {"x", EncodeBase64Url(parts.x)}, {"y", EncodeBase64Url(parts.y)}};
}

}  // namespace

Result<Jwk> Jwk::Parse(const json::object& object) {
  Jwk out;
  SALLYPORT_TRY(out.kid_, Text(object, "kid"));
  SALLYPORT_TRY(out.alg_, Text(object, "alg"));
  SALLYPORT_TRY(out.use_, Text(object, "use"));
  SALLYPORT_TRY(out.key_ops_, KeyOps(object));
  const std::string_view kty = GetString(object, "kty").value_or("");
  if (kty == "oct") {
    SALLYPORT_TRY(std::string key, Bytes(object, "k"));
    if (key.size() > kMaxSymmetricBytes) return Bad("JWK with an oversized oct key");
    out.symmetric_key_ = Secret(std::move(key));
    return out;
  }
  SALLYPORT_TRY(crypto::PublicKeyParts parts, PublicParts(object, kty));
  auto public_key = crypto::PublicKey::FromParts(parts);
  if (!public_key) return Bad("JWK whose numbers are no public key");
  out.public_key_ = *std::move(public_key);
  if (object.contains("d")) {
    SALLYPORT_TRY(out.private_key_, PrivateHalf(object, std::move(parts)));
  }
  return out;
}

Jwk Jwk::FromSymmetric(Secret key, std::string kid, std::string alg) {
  Jwk out;
  out.symmetric_key_ = std::move(key);
  out.kid_ = std::move(kid), out.alg_ = std::move(alg);
  return out;
}

Jwk Jwk::FromPublic(crypto::PublicKey key, std::string kid, std::string alg) {
  Jwk out;
  out.public_key_ = std::move(key);
  out.kid_ = std::move(kid), out.alg_ = std::move(alg), out.use_ = "sig";
  return out;
}

Jwk Jwk::FromPrivate(crypto::PrivateKey key, std::string kid, std::string alg) {
  Jwk out = FromPublic(key.Public(), std::move(kid), std::move(alg));
  out.private_key_ = std::move(key);
  return out;
}

Jwk Jwk::Clone() const {
  Jwk out;
  out.kid_ = kid_, out.alg_ = alg_, out.use_ = use_, out.key_ops_ = key_ops_;
  out.symmetric_key_ = symmetric_key_.Clone();
  out.public_key_ = public_key_, out.private_key_ = private_key_;
  return out;
}

bool Jwk::Allows(std::string_view operation) const {
  const bool signing = operation == "sign" || operation == "verify";
  if (!use_.empty() && use_ != (signing ? "sig" : "enc")) return false;
  return key_ops_.empty() || std::find(key_ops_.begin(), key_ops_.end(), operation) != key_ops_.end();
}

json::object Jwk::ToPublicJson() const {
  json::object out;
  for (const auto& [name, value] : RequiredMembers(public_key_->Parts())) out.emplace(name, value);
  if (!use_.empty()) out.emplace("use", use_);
  if (!alg_.empty()) out.emplace("alg", alg_);
  if (!kid_.empty()) out.emplace("kid", kid_);
  return out;
}

std::string Jwk::Thumbprint(ThumbprintHash hash) const {
  // Every value is base64url or a registered name, so that nothing needs escaping.
  std::string text;
  if (symmetric()) {
    text = R"({"k":")" + EncodeBase64Url(symmetric_key()) + R"(","kty":"oct"})";
  } else {
    for (const auto& [name, value] : RequiredMembers(public_key_->Parts()))
      text.append(text.empty() ? "{\"" : ",\"").append(name).append("\":\"").append(value).append("\"");
    text += '}';
  }
  const std::string out = hash == ThumbprintHash::kSha256 ? EncodeBase64Url(crypto::AsView(crypto::Sha256(text)))
                                                          : EncodeBase64Url(crypto::AsView(crypto::Sha512(text)));
  WipeMemory(text.data(), text.size());
  return out;
}

}  // namespace sallyport::jose
