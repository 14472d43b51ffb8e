// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/key_pair.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <optional>

#include "sallyport/crypto/digest_algorithms.h"
#include "sallyport/crypto/errc.h"
#include "sallyport/crypto/pkey_parts.h"

namespace sallyport::crypto {
namespace {

constexpr std::size_t kMaxPemBytes = 64 * 1024;
constexpr int kMinRsaBits = 2048, kMaxRsaBits = 8192;

struct AlgorithmInfo {
  std::size_t digest_bytes;  // 0: the scheme hashes by itself
  bool pss;
};

AlgorithmInfo InfoOf(SignatureAlgorithm algorithm) {
  using enum SignatureAlgorithm;
  switch (algorithm) {
    case kEs256: case kRs256: return {32, false};
    case kEs384: case kRs384: return {48, false};
    case kEs512: case kRs512: return {64, false};
    case kPs256: return {32, true};
    case kPs384: return {48, true};
    case kPs512: return {64, true};
    case kEdDsa: break;
  }
  return {0, false};
}

std::size_t FieldBytes(KeyType type) { return type == KeyType::kP256 ? 32 : type == KeyType::kP384 ? 48 : 66; }
bool IsEc(KeyType type) { return type == KeyType::kP256 || type == KeyType::kP384 || type == KeyType::kP521; }

// The type of a parsed key, when it is one that we work with.
std::optional<KeyType> Classify(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return KeyType::kEd25519;
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    const int bits = EVP_PKEY_get_bits(key);
    return bits >= kMinRsaBits && bits <= kMaxRsaBits ? std::optional(KeyType::kRsa) : std::nullopt;
  }
  if (EVP_PKEY_is_a(key, "EC") != 1) return std::nullopt;
  char name[64] = {};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, name, sizeof name, &length) != 1) return std::nullopt;
  const std::string_view group(name, length);
  if (group == "prime256v1") return KeyType::kP256;
  if (group == "secp384r1") return KeyType::kP384;
  if (group == "secp521r1") return KeyType::kP521;
  return std::nullopt;
}

std::shared_ptr<EVP_PKEY> Share(Pkey key) { return {key.release(), EVP_PKEY_free}; }

bool SetScheme(EVP_PKEY_CTX* context, const AlgorithmInfo& info) {
  return !info.pss || (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
                       EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
}

// DER, as OpenSSL has it, to r || s and back.
std::string ToFixedWidth(std::string_view der, std::size_t field) {
  const unsigned char* at = Octets(der);
  const EcdsaSignature signature{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
  Must(signature != nullptr, "d2i_ECDSA_SIG");
  std::string out(field * 2, '\0');
  auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
  const int width = static_cast<int>(field);
  Must(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes, width) == width &&
           BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes + field, width) == width,
       "ECDSA signature");
  return out;
}

std::optional<std::string> ToDer(std::string_view fixed, std::size_t field) {
  if (fixed.size() != field * 2) return std::nullopt;
  const EcdsaSignature signature{ECDSA_SIG_new()};
  BigNumber r{BN_bin2bn(Octets(fixed), static_cast<int>(field), nullptr)};
  BigNumber s{BN_bin2bn(Octets(fixed) + field, static_cast<int>(field), nullptr)};
  if (ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return std::nullopt;
  static_cast<void>(r.release()), static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(signature.get(), &der);
  if (length <= 0) return std::nullopt;
  std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return out;
}

std::string ReadBio(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(length));
}

// Never asks a terminal for a passphrase.
int NoPassphrase(char*, int, int, void*) { return 0; }

}  // namespace

bool Fits(KeyType type, SignatureAlgorithm algorithm) {
  using enum SignatureAlgorithm;
  switch (algorithm) {
    case kEs256: return type == KeyType::kP256;
    case kEs384: return type == KeyType::kP384;
    case kEs512: return type == KeyType::kP521;
    case kEdDsa: return type == KeyType::kEd25519;
    case kRs256: case kRs384: case kRs512: case kPs256: case kPs384: case kPs512: return type == KeyType::kRsa;
  }
  return false;
}

Result<PublicKey> PublicKey::FromParts(const PublicKeyParts& parts) {
  Pkey key = PkeyFromPublicParts(parts);
  if (key == nullptr || Classify(key.get()) != parts.type) return Fail(Errc::kInvalidKey, "public key parts");
  return PublicKey(parts.type, Share(std::move(key)));
}

Result<PublicKey> PublicKey::FromPem(std::string_view pem) {
  if (pem.size() > kMaxPemBytes) return Fail(Errc::kInvalidKey, "PEM too large");
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  Pkey key{PEM_read_bio_PUBKEY(bio.get(), nullptr, NoPassphrase, nullptr)};
  const auto type = key != nullptr ? Classify(key.get()) : std::nullopt;
  if (!type || !PkeyIsSound(key.get(), false)) return Fail(Errc::kInvalidKey, "no public key PEM of a supported type");
  return PublicKey(*type, Share(std::move(key)));
}

PublicKeyParts PublicKey::Parts() const { return PublicPartsOf(key_.get(), type_); }

std::string PublicKey::ToPem() const {
  const Bio bio{BIO_new(BIO_s_mem())};
  Must(PEM_write_bio_PUBKEY(bio.get(), key_.get()) == 1, "PEM_write_bio_PUBKEY");
  return ReadBio(bio.get());
}

Result<void> PublicKey::Verify(SignatureAlgorithm algorithm, std::string_view message, std::string_view signature) const {
  if (!Fits(type_, algorithm)) return Fail(Errc::kUnsupported, "algorithm does not fit the key");
  std::string der;
  if (IsEc(type_)) {
    auto converted = ToDer(signature, FieldBytes(type_));
    if (!converted) return Fail(Errc::kBadSignature, "signature length");
    der = *std::move(converted);
    signature = der;
  }
  const AlgorithmInfo info = InfoOf(algorithm);
  const MdContext context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* scheme = nullptr;  // owned by `context`
  const EVP_MD* const digest = info.digest_bytes != 0 ? Sha2(info.digest_bytes) : nullptr;
  const bool ok = EVP_DigestVerifyInit(context.get(), &scheme, digest, nullptr, key_.get()) == 1 && SetScheme(scheme, info) &&
                  EVP_DigestVerify(context.get(), Octets(signature), signature.size(), Octets(message), message.size()) == 1;
  if (!ok) return Fail(Errc::kBadSignature);
  return {};
}

PrivateKey PrivateKey::Generate(KeyType type) {
  EVP_PKEY* key = nullptr;
  switch (type) {
    case KeyType::kP256: key = EVP_EC_gen("P-256"); break;
    case KeyType::kP384: key = EVP_EC_gen("P-384"); break;
    case KeyType::kP521: key = EVP_EC_gen("P-521"); break;
    case KeyType::kEd25519: key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"); break;
    case KeyType::kRsa: key = EVP_RSA_gen(kMinRsaBits); break;
  }
  Must(key != nullptr, "key generation");
  return PrivateKey(type, Share(Pkey(key)));
}

Result<PrivateKey> PrivateKey::FromPem(std::string_view pem) {
  if (pem.size() > kMaxPemBytes) return Fail(Errc::kInvalidKey, "PEM too large");
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  Pkey key{PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr)};
  const auto type = key != nullptr ? Classify(key.get()) : std::nullopt;
  if (!type || !PkeyIsSound(key.get(), true)) return Fail(Errc::kInvalidKey, "no private key PEM of a supported type");
  return PrivateKey(*type, Share(std::move(key)));
}

Result<PrivateKey> PrivateKey::FromParts(const PrivateKeyParts& parts) {
  Pkey key = PkeyFromPrivateParts(parts);
  if (key == nullptr || Classify(key.get()) != parts.public_parts.type) return Fail(Errc::kInvalidKey, "private key parts");
  return PrivateKey(parts.public_parts.type, Share(std::move(key)));
}

Secret PrivateKey::ToPem() const {
  const Bio bio{BIO_new(BIO_s_secmem())};
  Must(PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1, "PEM_write_bio_PKCS8");
  return Secret(ReadBio(bio.get()));
}

Result<std::string> PrivateKey::Sign(SignatureAlgorithm algorithm, std::string_view message) const {
  if (!Fits(type_, algorithm)) return Fail(Errc::kUnsupported, "algorithm does not fit the key");
  const AlgorithmInfo info = InfoOf(algorithm);
  const MdContext context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* scheme = nullptr;  // owned by `context`
  const EVP_MD* const digest = info.digest_bytes != 0 ? Sha2(info.digest_bytes) : nullptr;
  std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t length = out.size();
  Must(EVP_DigestSignInit(context.get(), &scheme, digest, nullptr, key_.get()) == 1 && SetScheme(scheme, info) &&
           EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &length, Octets(message),
                          message.size()) == 1,
       "signature");
  out.resize(length);
  return IsEc(type_) ? ToFixedWidth(out, FieldBytes(type_)) : out;
}

}  // namespace sallyport::crypto
