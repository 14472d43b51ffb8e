// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/jwe.h"

#include <array>

#include "sallyport/base/json.h"
#include "sallyport/crypto/digest.h"
#include "sallyport/jose/base64url.h"
#include "sallyport/jose/compact.h"
#include "sallyport/jose/errc.h"

namespace sallyport::jose {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512"};

bool IsGcm(JweEncryption encryption) { return encryption == JweEncryption::kA128Gcm || encryption == JweEncryption::kA256Gcm; }

Result<JweHeader> ReadHeader(std::string_view segment) {
  SALLYPORT_TRY(json::object object, ReadProtectedHeader(segment));
  JweHeader header;
  SALLYPORT_TRY(const std::string alg, HeaderText(object, "alg"));
  SALLYPORT_TRY(const std::string enc, HeaderText(object, "enc"));
  const auto encryption = JweEncryptionFromName(enc);
  if (alg != "dir" || !encryption) return Fail(Errc::kAlgorithmNotAllowed);
  header.encryption = *encryption;
  SALLYPORT_TRY(header.kid, HeaderText(object, "kid"));
  SALLYPORT_TRY(header.typ, HeaderText(object, "typ"));
  SALLYPORT_TRY(header.cty, HeaderText(object, "cty"));
  return header;
}

std::string EncodeHeader(JweEncryption encryption, const std::string& kid) {
  json::object header;
  header.emplace("alg", "dir");
  header.emplace("enc", NameOf(encryption));
  if (!kid.empty()) header.emplace("kid", kid);
  return EncodeBase64Url(json::serialize(header));
}

using Segments = std::array<std::string_view, 5>;

Result<Segments> Split(std::string_view compact) {
  if (compact.size() > kMaxJweBytes) return Fail(Errc::kTooLarge, "JWE");
  const auto segments = SplitCompact<5>(compact);
  if (!segments) return Fail(Errc::kMalformed, "a compact JWE has five segments");
  return *segments;
}

}  // namespace

std::string_view NameOf(JweEncryption encryption) { return kNames[static_cast<std::size_t>(encryption)]; }

std::optional<JweEncryption> JweEncryptionFromName(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<JweEncryption>(i);
  return std::nullopt;
}

JweKey::JweKey(JweEncryption encryption, std::string kid, std::variant<crypto::AesGcm, crypto::AesCbcHmac> cipher)
    : encryption_(encryption), kid_(std::move(kid)), header_segment_(EncodeHeader(encryption_, kid_)), cipher_(std::move(cipher)) {}

Result<JweKey> JweKey::Create(JweEncryption encryption, std::string_view key, std::string kid) {
  if (key.size() != KeyBytes(encryption)) return Fail(Errc::kInvalidKey, "JWE key length");
  if (IsGcm(encryption)) {
    SALLYPORT_TRY(auto cipher, crypto::AesGcm::Create(key));
    return JweKey(encryption, std::move(kid), std::move(cipher));
  }
  SALLYPORT_TRY(auto cipher, crypto::AesCbcHmac::Create(key));
  return JweKey(encryption, std::move(kid), std::move(cipher));
}

std::string JweKey::Seal(std::string_view plaintext, Random& random) const {
  std::array<std::uint8_t, 16> bytes;
  const std::size_t iv_bytes = IsGcm(encryption_) ? crypto::AesGcm::kNonceBytes : crypto::AesCbcHmac::kIvBytes;
  random.Fill(std::span(bytes).first(iv_bytes));
  const std::string_view iv = crypto::AsView(bytes).substr(0, iv_bytes);
  const crypto::AeadOutput sealed = std::visit([&](const auto& cipher) { return cipher.Encrypt(iv, plaintext, header_segment_); }, cipher_);
  std::string out;
  out.reserve(header_segment_.size() + 4 + Base64UrlLength(iv_bytes) + Base64UrlLength(sealed.ciphertext.size()) + 43);
  out.append(header_segment_).append("..");
  AppendBase64Url(out, iv);
  out += '.';
  AppendBase64Url(out, sealed.ciphertext);
  out += '.';
  AppendBase64Url(out, sealed.tag);
  return out;
}

Result<std::string> JweKey::Open(std::string_view header_segment, std::string_view iv, std::string_view ciphertext,
                                 std::string_view tag) const {
  auto opened = std::visit([&](const auto& cipher) { return cipher.Decrypt(iv, ciphertext, tag, header_segment); }, cipher_);
  if (!opened) return Fail(Errc::kDecryptionFailed);
  return opened;
}

Result<std::string> JweOpener::Open(std::string_view compact) const {
  SALLYPORT_TRY(const Segments segments, Split(compact));
  if (!segments[1].empty()) return Fail(Errc::kMalformed, "alg dir has no encrypted key");
  // A header that we would write ourselves needs no parsing: that is nearly every cookie.
  JweHeader parsed;
  const JweKey* same = nullptr;
  for (const JweKey& key : keys_)
    if (key.header_segment_ == segments[0]) same = &key;
  if (same == nullptr) {
    SALLYPORT_TRY(parsed, ReadHeader(segments[0]));
  }
  const JweEncryption encryption = same != nullptr ? same->encryption_ : parsed.encryption;
  const std::string_view kid = same != nullptr ? same->kid_ : parsed.kid;
  SALLYPORT_TRY(const std::string iv, DecodeBase64Url(segments[2]));
  SALLYPORT_TRY(const std::string ciphertext, DecodeBase64Url(segments[3]));
  SALLYPORT_TRY(const std::string tag, DecodeBase64Url(segments[4]));

  bool kid_known = false;
  for (const JweKey& key : keys_) kid_known = kid_known || (!kid.empty() && key.kid_ == kid && key.encryption_ == encryption);
  for (const JweKey& key : keys_) {
    if (key.encryption_ != encryption || (kid_known && key.kid_ != kid)) continue;
    if (auto opened = key.Open(segments[0], iv, ciphertext, tag)) return opened;
  }
  return Fail(Errc::kDecryptionFailed);
}

Result<JweHeader> ParseJweHeader(std::string_view compact) {
  SALLYPORT_TRY(const Segments segments, Split(compact));
  return ReadHeader(segments[0]);
}

}  // namespace sallyport::jose
