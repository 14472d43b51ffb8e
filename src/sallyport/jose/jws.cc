// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/jws.h"

#include <algorithm>
#include <array>

#include "sallyport/crypto/errc.h"
#include "sallyport/jose/base64url.h"
#include "sallyport/jose/compact.h"
#include "sallyport/jose/errc.h"

namespace sallyport::jose {
namespace {

constexpr std::size_t kMaxCandidates = 10;

using enum JwsAlgorithm;
using crypto::SignatureAlgorithm;

struct Row {
  JwsAlgorithm algorithm;
  std::string_view name;
  std::size_t mac_bytes;         // 0: asymmetric
  SignatureAlgorithm signature;  // when asymmetric
};
constexpr std::array<Row, 13> kRows = {{{kHs256, "HS256", 32, {}},
                                        {kHs384, "HS384", 48, {}},
                                        {kHs512, "HS512", 64, {}},
                                        {kRs256, "RS256", 0, SignatureAlgorithm::kRs256},
                                        {kRs384, "RS384", 0, SignatureAlgorithm::kRs384},
                                        {kRs512, "RS512", 0, SignatureAlgorithm::kRs512},
                                        {kPs256, "PS256", 0, SignatureAlgorithm::kPs256},
                                        {kPs384, "PS384", 0, SignatureAlgorithm::kPs384},
                                        {kPs512, "PS512", 0, SignatureAlgorithm::kPs512},
                                        {kEs256, "ES256", 0, SignatureAlgorithm::kEs256},
                                        {kEs384, "ES384", 0, SignatureAlgorithm::kEs384},
                                        {kEs512, "ES512", 0, SignatureAlgorithm::kEs512},
                                        {kEdDsa, "EdDSA", 0, SignatureAlgorithm::kEdDsa}}};
const Row& RowOf(JwsAlgorithm algorithm) { return kRows[static_cast<std::size_t>(algorithm)]; }

// The algorithm must fit the key in every respect: that is what ends HS/RS confusion (RFC 8725 §3.1).
bool Suitable(const Jwk& key, const Row& row, std::string_view operation) {
  if (!key.alg().empty() && key.alg() != row.name) return false;
  if (!key.Allows(operation)) return false;
  if (row.mac_bytes != 0) return key.symmetric() && key.symmetric_key().size() >= row.mac_bytes;
  return !key.symmetric() && crypto::Fits(key.public_key()->type(), row.signature);
}

std::string Mac(const Row& row, std::string_view key, std::string_view input) {
  if (row.mac_bytes == 32) return std::string(crypto::AsView(crypto::HmacSha256(key).Mac(input)));
  if (row.mac_bytes == 48) return std::string(crypto::AsView(crypto::HmacSha384(key).Mac(input)));
  return std::string(crypto::AsView(crypto::HmacSha512(key).Mac(input)));
}

bool Confirms(const Jwk& key, const Row& row, std::string_view input, std::string_view signature) {
  if (row.mac_bytes == 0) return key.public_key()->Verify(row.signature, input, signature).has_value();
  if (row.mac_bytes == 32) return crypto::HmacSha256(key.symmetric_key()).Verify(input, signature);
  if (row.mac_bytes == 48) return crypto::HmacSha384(key.symmetric_key()).Verify(input, signature);
  return crypto::HmacSha512(key.symmetric_key()).Verify(input, signature);
}

Result<JwsHeader> ReadHeader(std::string_view segment) {
  SALLYPORT_TRY(json::object object, ReadProtectedHeader(segment));
  JwsHeader header;
  SALLYPORT_TRY(std::string alg, HeaderText(object, "alg"));
  const auto algorithm = JwsAlgorithmFromName(alg);
  if (!algorithm) return Fail(Errc::kAlgorithmNotAllowed);
  header.algorithm = *algorithm;
  SALLYPORT_TRY(header.kid, HeaderText(object, "kid"));
  SALLYPORT_TRY(header.typ, HeaderText(object, "typ"));
  SALLYPORT_TRY(header.cty, HeaderText(object, "cty"));
  return header;
}

using Segments = std::array<std::string_view, 3>;

Result<Segments> Split(std::string_view compact) {
  if (compact.size() > kMaxJwsBytes) return Fail(Errc::kTooLarge, "JWS");
  const auto segments = SplitCompact<3>(compact);
  if (!segments) return Fail(Errc::kMalformed, "a compact JWS has three segments");
  return *segments;
}

}  // namespace

std::string_view NameOf(JwsAlgorithm algorithm) { return RowOf(algorithm).name; }

std::optional<JwsAlgorithm> JwsAlgorithmFromName(std::string_view name) {
  for (const Row& row : kRows)
    if (row.name == name) return row.algorithm;
  return std::nullopt;
}

Result<UnverifiedJws> ParseUnverifiedJws(std::string_view compact) {
  SALLYPORT_TRY(const Segments segments, Split(compact));
  UnverifiedJws out;
  SALLYPORT_TRY(out.header, ReadHeader(segments[0]));
  SALLYPORT_TRY(out.payload, DecodeBase64Url(segments[1]));
  return out;
}

Result<VerifiedJws> JwsVerifier::Verify(std::string_view compact) const {
  SALLYPORT_TRY(const Segments segments, Split(compact));
  VerifiedJws out;
  SALLYPORT_TRY(out.header, ReadHeader(segments[0]));
  if (std::find(allowed_.begin(), allowed_.end(), out.header.algorithm) == allowed_.end()) return Fail(Errc::kAlgorithmNotAllowed);
  SALLYPORT_TRY(const std::string signature, DecodeBase64Url(segments[2]));
  SALLYPORT_TRY(out.payload, DecodeBase64Url(segments[1]));

  const Row& row = RowOf(out.header.algorithm);
  const std::string_view input = compact.substr(0, segments[0].size() + 1 + segments[1].size());
  bool found = false;
  std::size_t tried = 0;
  for (const Jwk& key : keys_->keys()) {
    if (!out.header.kid.empty() && key.kid() != out.header.kid) continue;
    found = true;
    if (!Suitable(key, row, "verify")) continue;
    if (++tried > kMaxCandidates) break;
    if (Confirms(key, row, input, signature)) return out;
  }
  return Fail(!found ? Errc::kKeyNotFound : tried == 0 ? Errc::kKeyUnsuitable : Errc::kBadSignature);
}

Result<JwsSigner> JwsSigner::Create(Jwk key, JwsAlgorithm algorithm, std::string_view typ) {
  const Row& row = RowOf(algorithm);
  if (!Suitable(key, row, "sign")) return Fail(Errc::kKeyUnsuitable, "the key does not fit " + std::string(row.name));
  if (row.mac_bytes == 0 && key.private_key() == nullptr) return Fail(Errc::kKeyUnsuitable, "the key has no private half");
  json::object header;
  header.emplace("alg", row.name);
  if (!key.kid().empty()) header.emplace("kid", key.kid());
  if (!typ.empty()) header.emplace("typ", typ);
  return JwsSigner(std::move(key), algorithm, EncodeBase64Url(json::serialize(header)) + ".");
}

Result<std::string> JwsSigner::Sign(std::string_view payload) const {
  const Row& row = RowOf(algorithm_);
  std::string out;
  out.reserve(header_segment_.size() + Base64UrlLength(payload.size()) + 1 + 88);
  out += header_segment_;
  AppendBase64Url(out, payload);
  std::string signature;
  if (row.mac_bytes != 0) {
    signature = Mac(row, key_.symmetric_key(), out);
  } else {
    SALLYPORT_TRY(signature, key_.private_key()->Sign(row.signature, out));
  }
  out += '.';
  AppendBase64Url(out, signature);
  return out;
}

}  // namespace sallyport::jose
