// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/aead.h"

#include <climits>

#include "sallyport/crypto/aes.h"
#include "sallyport/crypto/errc.h"

namespace sallyport::crypto {

Result<AesGcm> AesGcm::Create(std::string_view key) {
  if (key.size() != 16 && key.size() != 32) return Fail(Errc::kInvalidKey, "AES-GCM key length");
  return AesGcm(Secret(std::string(key)));
}

AeadOutput AesGcm::Encrypt(std::string_view nonce, std::string_view plaintext, std::string_view associated_data) const {
  Must(nonce.size() == kNonceBytes && plaintext.size() < INT_MAX && associated_data.size() < INT_MAX, "AES-GCM input");
  EVP_CIPHER_CTX* const context = AesContext<AesMode::kGcm>(key_.size(), true);
  AeadOutput out{std::string(plaintext.size(), '\0'), std::string(kTagBytes, '\0')};
  auto* const bytes = reinterpret_cast<unsigned char*>(out.ciphertext.data());
  int length = 0;
  Must(EVP_EncryptInit_ex2(context, Aes<AesMode::kGcm>(key_.size()), Octets(key_.Reveal()), Octets(nonce), nullptr) == 1 &&
           EVP_EncryptUpdate(context, nullptr, &length, Octets(associated_data), static_cast<int>(associated_data.size())) == 1 &&
           EVP_EncryptUpdate(context, bytes, &length, Octets(plaintext), static_cast<int>(plaintext.size())) == 1 &&
           EVP_EncryptFinal_ex(context, bytes + length, &length) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, out.tag.data()) == 1,
       "AES-GCM");
  return out;
}

Result<std::string> AesGcm::Decrypt(std::string_view nonce, std::string_view ciphertext, std::string_view tag,
                                    std::string_view associated_data) const {
  if (nonce.size() != kNonceBytes || tag.size() != kTagBytes || ciphertext.size() >= INT_MAX || associated_data.size() >= INT_MAX)
    return Fail(Errc::kAuthenticationFailed);
  EVP_CIPHER_CTX* const context = AesContext<AesMode::kGcm>(key_.size(), false);
  std::string out(ciphertext.size(), '\0');
  auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
  int length = 0;
  const bool ok =
      EVP_DecryptInit_ex2(context, Aes<AesMode::kGcm>(key_.size()), Octets(key_.Reveal()), Octets(nonce), nullptr) == 1 &&
      EVP_DecryptUpdate(context, nullptr, &length, Octets(associated_data), static_cast<int>(associated_data.size())) == 1 &&
      EVP_DecryptUpdate(context, bytes, &length, Octets(ciphertext), static_cast<int>(ciphertext.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, const_cast<char*>(tag.data())) == 1 &&
      EVP_DecryptFinal_ex(context, bytes + length, &length) == 1;
  if (!ok) {
    WipeMemory(out.data(), out.size());  // unauthenticated plaintext goes nowhere
    return Fail(Errc::kAuthenticationFailed);
  }
  return out;
}

}  // namespace sallyport::crypto
