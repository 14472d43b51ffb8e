// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/aes_cbc_hmac.h"

#include <array>
#include <climits>

#include "sallyport/crypto/aes.h"
#include "sallyport/crypto/constant_time.h"
#include "sallyport/crypto/errc.h"

namespace sallyport::crypto {
namespace {

constexpr std::size_t kBlock = 16;

// The bit length of the associated data, 64-bit big-endian (RFC 7518 §5.2.2.1 step 4).
std::array<char, 8> BitLength(std::string_view data) {
  std::array<char, 8> out{};
  std::uint64_t bits = static_cast<std::uint64_t>(data.size()) * 8;
  for (std::size_t i = out.size(); i-- > 0; bits >>= 8) out[i] = static_cast<char>(bits & 0xFF);
  return out;
}

}  // namespace

Result<AesCbcHmac> AesCbcHmac::Create(std::string_view key) {
  if (key.size() != 32 && key.size() != 64) return Fail(Errc::kInvalidKey, "AES-CBC-HMAC key length");
  AesCbcHmac out;
  const std::string_view mac_key = key.substr(0, key.size() / 2);
  out.cipher_key_ = Secret(std::string(key.substr(key.size() / 2)));
  if (key.size() == 32) {
    out.mac256_.emplace(mac_key);
  } else {
    out.mac512_.emplace(mac_key);
  }
  return out;
}

AesCbcHmac AesCbcHmac::Clone() const {
  AesCbcHmac out;
  out.cipher_key_ = cipher_key_.Clone();
  out.mac256_ = mac256_;
  out.mac512_ = mac512_;
  return out;
}

std::string AesCbcHmac::MacOf(std::string_view iv, std::string_view ciphertext, std::string_view associated_data) const {
  const std::array<char, 8> bits = BitLength(associated_data);
  const std::initializer_list<std::string_view> parts = {associated_data, iv, ciphertext, {bits.data(), bits.size()}};
  if (mac256_) return std::string(AsView(mac256_->Mac(parts)).substr(0, 16));
  return std::string(AsView(mac512_->Mac(parts)).substr(0, 32));
}

AeadOutput AesCbcHmac::Encrypt(std::string_view iv, std::string_view plaintext, std::string_view associated_data) const {
  Must(iv.size() == kIvBytes && plaintext.size() < INT_MAX - kBlock, "AES-CBC-HMAC input");
  EVP_CIPHER_CTX* const context = AesContext<AesMode::kCbc>(cipher_key_.size(), true);
  AeadOutput out;
  out.ciphertext.resize(plaintext.size() / kBlock * kBlock + kBlock);
  auto* const bytes = reinterpret_cast<unsigned char*>(out.ciphertext.data());
  int body = 0, last = 0;
  Must(EVP_EncryptInit_ex2(context, Aes<AesMode::kCbc>(cipher_key_.size()), Octets(cipher_key_.Reveal()), Octets(iv), nullptr) == 1 &&
           EVP_EncryptUpdate(context, bytes, &body, Octets(plaintext), static_cast<int>(plaintext.size())) == 1 &&
           EVP_EncryptFinal_ex(context, bytes + body, &last) == 1,
       "AES-CBC");
  out.tag = MacOf(iv, out.ciphertext, associated_data);
  return out;
}

Result<std::string> AesCbcHmac::Decrypt(std::string_view iv, std::string_view ciphertext, std::string_view tag,
                                        std::string_view associated_data) const {
  if (iv.size() != kIvBytes || ciphertext.empty() || ciphertext.size() % kBlock != 0 || ciphertext.size() >= INT_MAX - kBlock)
    return Fail(Errc::kAuthenticationFailed);
  if (!Equal(MacOf(iv, ciphertext, associated_data), tag)) return Fail(Errc::kAuthenticationFailed);
  EVP_CIPHER_CTX* const context = AesContext<AesMode::kCbc>(cipher_key_.size(), false);
  std::string out(ciphertext.size() + kBlock, '\0');
  auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
  int body = 0, last = 0;
  if (EVP_DecryptInit_ex2(context, Aes<AesMode::kCbc>(cipher_key_.size()), Octets(cipher_key_.Reveal()), Octets(iv), nullptr) != 1 ||
      EVP_DecryptUpdate(context, bytes, &body, Octets(ciphertext), static_cast<int>(ciphertext.size())) != 1 ||
      EVP_DecryptFinal_ex(context, bytes + body, &last) != 1)
    return Fail(Errc::kAuthenticationFailed);
  out.resize(static_cast<std::size_t>(body + last));
  return out;
}

}  // namespace sallyport::crypto
