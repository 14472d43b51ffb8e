// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/sealed_box.h"

#include <algorithm>

#include "sallyport/crypto/digest.h"
#include "sallyport/crypto/errc.h"

namespace sallyport::crypto {
namespace {

constexpr char kVersion = 0x01;
constexpr std::size_t kIdAt = 1, kNonceAt = 5, kBodyAt = kNonceAt + AesGcm::kNonceBytes;

std::array<char, 4> KeyId(const Secret& key) {
  const Sha256Digest hash = Sha256({"sallyport sealed box key id\n", key.Reveal()});
  std::array<char, 4> id;
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

std::string_view View(const std::array<char, 4>& id) { return {id.data(), id.size()}; }

}  // namespace

Result<SealedBox> SealedBox::Create(std::span<const Secret> keys, Random& random) {
  std::vector<Key> parsed;
  for (const Secret& key : keys) {
    if (key.size() != 32) return Fail(Errc::kInvalidKey, "a sealed box takes keys of 32 bytes");
    SALLYPORT_TRY(AesGcm cipher, AesGcm::Create(key.Reveal()));
    parsed.push_back({KeyId(key), std::move(cipher)});
  }
  if (parsed.empty()) return Fail(Errc::kInvalidKey, "a sealed box without a key");
  return SealedBox(std::move(parsed), random);
}

std::string SealedBox::Seal(std::string_view plaintext, std::string_view associated_data) const {
  const Key& key = keys_.front();
  std::array<std::uint8_t, AesGcm::kNonceBytes> nonce;
  random_->Fill(nonce);
  const AeadOutput sealed = key.cipher.Encrypt(AsView(nonce), plaintext, associated_data);
  std::string out;
  out.reserve(kOverhead + plaintext.size());
  out += kVersion;
  out.append(View(key.id)).append(AsView(nonce)).append(sealed.ciphertext).append(sealed.tag);
  return out;
}

Result<std::string> SealedBox::Open(std::string_view box, std::string_view associated_data) const {
  if (box.size() < kOverhead || box[0] != kVersion) return Fail(Errc::kAuthenticationFailed, "no sealed box");
  const std::string_view body = box.substr(kBodyAt, box.size() - kBodyAt - AesGcm::kTagBytes);
  for (const Key& key : keys_) {
    if (View(key.id) != box.substr(kIdAt, 4)) continue;
    auto opened = key.cipher.Decrypt(box.substr(kNonceAt, AesGcm::kNonceBytes), body,
                                     box.substr(box.size() - AesGcm::kTagBytes), associated_data);
    if (opened) return opened;
  }
  return Fail(Errc::kAuthenticationFailed);
}

bool SealedBox::NeedsReseal(std::string_view box) const {
  return box.size() < kOverhead || box[0] != kVersion || View(keys_.front().id) != box.substr(kIdAt, 4);
}

}  // namespace sallyport::crypto
