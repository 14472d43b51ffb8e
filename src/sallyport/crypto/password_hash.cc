// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/password_hash.h"

#include <argon2.h>
#include <crypt.h>

#include <array>
#include <charconv>
#include <memory>
#include <optional>

#include "sallyport/base/secret.h"
#include "sallyport/crypto/constant_time.h"
#include "sallyport/crypto/errc.h"

namespace sallyport::crypto {
namespace {

constexpr std::size_t kSaltBytes = 16, kHashBytes = 32, kMaxEncodedBytes = 1024;
constexpr std::uint32_t kMaxMemoryKib = 1024 * 1024, kMaxIterations = 16, kMaxLanes = 16;
constexpr unsigned kMaxBcryptCost = 15, kMaxSha512Rounds = 1'000'000;

std::optional<std::uint32_t> TakeNumber(std::string_view& text) {
  std::uint32_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool Skip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// "$argon2id$v=19$m=…,t=…,p=…$": read by us before the library is let near it.
std::optional<Argon2Parameters> ReadArgon2(std::string_view text, std::string_view type) {
  if (!Skip(text, type)) return std::nullopt;
  if (Skip(text, "$v=") && !TakeNumber(text)) return std::nullopt;
  if (!Skip(text, "$m=")) return std::nullopt;
  const auto memory = TakeNumber(text);
  if (!memory || !Skip(text, ",t=")) return std::nullopt;
  const auto iterations = TakeNumber(text);
  if (!iterations || !Skip(text, ",p=")) return std::nullopt;
  const auto lanes = TakeNumber(text);
  if (!lanes || !text.starts_with('$')) return std::nullopt;
  return Argon2Parameters{*memory, *iterations, *lanes};
}

bool WithinCaps(const Argon2Parameters& p) {
  return p.memory_kib <= kMaxMemoryKib && p.iterations <= kMaxIterations && p.lanes >= 1 && p.lanes <= kMaxLanes;
}

Result<bool> VerifyArgon2(std::string_view password, const std::string& encoded, std::string_view prefix, argon2_type type) {
  const auto parameters = ReadArgon2(encoded, prefix);
  if (!parameters || !WithinCaps(*parameters)) return Fail(Errc::kInvalidInput, "Argon2 parameters");
  const int outcome = argon2_verify(encoded.c_str(), password.data(), password.size(), type);
  if (outcome == ARGON2_OK) return true;
  if (outcome == ARGON2_VERIFY_MISMATCH) return false;
  return Fail(Errc::kInvalidInput, argon2_error_message(outcome));
}

Result<bool> VerifyCrypt(std::string_view password, const std::string& encoded) {
  // crypt() reads C strings: a NUL would cut the password short.
  if (password.find('\0') != std::string_view::npos) return false;
  // Its own limit is 511 characters; a longer password cannot have been hashed with it.
  if (password.size() >= CRYPT_MAX_PASSPHRASE_SIZE) return false;
  const Secret phrase{std::string(password)};  // terminated, and wiped afterwards
  const auto data = std::make_unique<crypt_data>();  // 32 KiB: too much for a stack
  const char* const computed = crypt_r(phrase.Reveal().data(), encoded.c_str(), data.get());
  const bool usable = computed != nullptr && computed[0] == '$';
  const bool equal = usable && Equal(computed, encoded);
  WipeMemory(data.get(), sizeof *data);
  if (!usable) return Fail(Errc::kInvalidInput, "crypt refused the hash");
  return equal;
}

Result<bool> VerifyBcrypt(std::string_view password, const std::string& encoded) {
  std::string_view rest = std::string_view(encoded).substr(4);  // "$2b$"
  const auto cost = TakeNumber(rest);
  if (!cost || *cost > kMaxBcryptCost || encoded.size() != 60) return Fail(Errc::kInvalidInput, "bcrypt parameters");
  return VerifyCrypt(password, encoded);
}

Result<bool> VerifySha512Crypt(std::string_view password, const std::string& encoded) {
  std::string_view rest = std::string_view(encoded).substr(3);  // "$6$"
  if (Skip(rest, "rounds=")) {
    const auto rounds = TakeNumber(rest);
    if (!rounds || *rounds > kMaxSha512Rounds || !rest.starts_with('$')) return Fail(Errc::kInvalidInput, "SHA-512-crypt rounds");
  }
  return VerifyCrypt(password, encoded);
}

}  // namespace

Result<std::string> HashPassword(std::string_view password, const Argon2Parameters& parameters, Random& random) {
  const Argon2Parameters minimum;
  if (password.size() > kMaxPasswordBytes) return Fail(Errc::kInvalidInput, "password too long");
  if (parameters.memory_kib < minimum.memory_kib || parameters.iterations < minimum.iterations || !WithinCaps(parameters))
    return Fail(Errc::kInvalidInput, "Argon2 parameters");
  std::array<std::uint8_t, kSaltBytes> salt;
  random.Fill(salt);
  std::string out(argon2_encodedlen(parameters.iterations, parameters.memory_kib, parameters.lanes, kSaltBytes, kHashBytes, Argon2_id),
                  '\0');
  const int outcome = argon2id_hash_encoded(parameters.iterations, parameters.memory_kib, parameters.lanes, password.data(),
                                            password.size(), salt.data(), salt.size(), kHashBytes, out.data(), out.size());
  if (outcome == ARGON2_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
  if (outcome != ARGON2_OK) return Fail(Errc::kInvalidInput, argon2_error_message(outcome));
  out.resize(out.find('\0'));
  return out;
}

Result<bool> VerifyPassword(std::string_view password, std::string_view encoded) {
  if (encoded.size() > kMaxEncodedBytes || encoded.find('\0') != std::string_view::npos)
    return Fail(Errc::kInvalidInput, "password hash");
  if (password.size() > kMaxPasswordBytes) return false;
  const std::string text(encoded);
  if (text.starts_with("$argon2id$")) return VerifyArgon2(password, text, "$argon2id", Argon2_id);
  if (text.starts_with("$argon2i$")) return VerifyArgon2(password, text, "$argon2i", Argon2_i);
  if (text.starts_with("$argon2d$")) return VerifyArgon2(password, text, "$argon2d", Argon2_d);
  if (text.starts_with("$2a$") || text.starts_with("$2b$") || text.starts_with("$2y$")) return VerifyBcrypt(password, text);
  if (text.starts_with("$6$")) return VerifySha512Crypt(password, text);
  return Fail(Errc::kUnsupported, "unknown password hash format");
}

bool NeedsRehash(std::string_view encoded, const Argon2Parameters& parameters) {
  const auto found = ReadArgon2(encoded, "$argon2id");
  return !found || !encoded.starts_with("$argon2id$v=19$") || found->memory_kib != parameters.memory_kib ||
         found->iterations != parameters.iterations || found->lanes != parameters.lanes;
}

void VerifyNobody(std::string_view password, const Argon2Parameters& parameters) {
  if (password.size() > kMaxPasswordBytes) return;  // a true verification is as quick then
  constexpr std::array<std::uint8_t, kSaltBytes> kSalt{};
  std::array<std::uint8_t, kHashBytes> hash;
  argon2id_hash_raw(parameters.iterations, parameters.memory_kib, parameters.lanes, password.data(), password.size(), kSalt.data(),
                    kSalt.size(), hash.data(), hash.size());
}

}  // namespace sallyport::crypto
