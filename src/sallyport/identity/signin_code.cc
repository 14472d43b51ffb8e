// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/signin_code.h"

#include <array>
#include <cstdint>

#include "sallyport/base/hex.h"
#include "sallyport/crypto/constant_time.h"
#include "sallyport/crypto/digest.h"
#include "sallyport/crypto/hmac.h"

namespace sallyport::identity {
namespace {

constexpr std::size_t kDigits = 8;
constexpr std::uint64_t kCodes = 100'000'000;

std::string MacOf(const Secret& key, std::string_view token_hash, std::string_view code) {
  return EncodeHex(crypto::AsView(crypto::HmacSha256(key.Reveal()).Mac({"sign-in code\n", token_hash, "\n", code})));
}

}  // namespace

std::string MintSignInCode(Random& random) {
  std::array<std::uint8_t, 8> bytes{};
  random.Fill(bytes);
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  std::string digits = std::to_string(number % kCodes);   // 2^64 / 10^8: no digit is likelier by more than 10^-11
  return digits.insert(0, kDigits - digits.size(), '0');
}

std::string ShowSignInCode(std::string_view code) { return std::string(code.substr(0, 4)) + " " + std::string(code.substr(4)); }

std::optional<std::string> ReadSignInCode(std::string_view typed) {
  if (typed.size() > 64) return std::nullopt;
  std::string digits;
  for (const char c : typed) {
    if (c == ' ' || c == '-' || c == '\t') continue;
    if (c < '0' || c > '9') return std::nullopt;
    digits += c;
  }
  if (digits.size() != kDigits) return std::nullopt;
  return digits;
}

std::string HashSignInCode(const crypto::DerivedKeys& keys, std::string_view token_hash, std::string_view code) {
  return MacOf(keys.First(crypto::KeyPurpose::kAccountToken), token_hash, code);
}

bool FitsSignInCode(const crypto::DerivedKeys& keys, std::string_view token_hash, std::string_view code, std::string_view hash) {
  bool fits = false;
  for (const Secret& key : keys.All(crypto::KeyPurpose::kAccountToken)) fits |= crypto::Equal(MacOf(key, token_hash, code), hash);
  return fits;
}

}  // namespace sallyport::identity
