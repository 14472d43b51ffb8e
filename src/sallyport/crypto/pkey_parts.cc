// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/pkey_parts.h"

#include <openssl/core_names.h>

#include <vector>

namespace sallyport::crypto {
namespace {

constexpr std::size_t kMaxRsaBytes = 1024;      // 8192 bits
constexpr std::size_t kMaxExponentBytes = 8;    // a large public exponent makes verification slow

const char* GroupOf(KeyType type) {
  return type == KeyType::kP256 ? "prime256v1" : type == KeyType::kP384 ? "secp384r1" : "secp521r1";
}
std::size_t WidthOf(KeyType type) { return type == KeyType::kP256 ? 32 : type == KeyType::kP384 ? 48 : 66; }

// Collects numbers and strings and makes the key of them. BIGNUMs must live until Build.
class Builder {
 public:
  void Number(const char* name, std::string_view bytes) {
    numbers_.emplace_back(BN_bin2bn(Octets(bytes), static_cast<int>(bytes.size()), nullptr));
    ok_ = ok_ && numbers_.back() != nullptr && OSSL_PARAM_BLD_push_BN(builder_.get(), name, numbers_.back().get()) == 1;
  }
  void Bytes(const char* name, std::string_view bytes) {
    ok_ = ok_ && OSSL_PARAM_BLD_push_octet_string(builder_.get(), name, bytes.data(), bytes.size()) == 1;
  }
  void Text(const char* name, const char* text) {
    ok_ = ok_ && OSSL_PARAM_BLD_push_utf8_string(builder_.get(), name, text, 0) == 1;
  }
  Pkey Build(const char* algorithm, bool with_private) {
    const Params params{ok_ ? OSSL_PARAM_BLD_to_param(builder_.get()) : nullptr};
    const PkeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr)};
    EVP_PKEY* key = nullptr;
    if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, with_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
      return nullptr;
    Pkey owned(key);
    return PkeyIsSound(key, with_private) ? std::move(owned) : nullptr;
  }

 private:
  ParamBuilder builder_{OSSL_PARAM_BLD_new()};
  std::vector<BigNumber> numbers_;
  bool ok_ = true;
};

Pkey Ec(const PublicKeyParts& parts, const Secret* d) {
  const std::size_t width = WidthOf(parts.type);
  if (parts.x.size() != width || parts.y.size() != width || (d != nullptr && d->size() != width)) return nullptr;
  Builder builder;
  builder.Text(OSSL_PKEY_PARAM_GROUP_NAME, GroupOf(parts.type));
  const std::string point = '\x04' + parts.x + parts.y;
  builder.Bytes(OSSL_PKEY_PARAM_PUB_KEY, point);
  if (d != nullptr) builder.Number(OSSL_PKEY_PARAM_PRIV_KEY, d->Reveal());
  return builder.Build("EC", d != nullptr);
}

Pkey Ed25519(const PublicKeyParts& parts, const Secret* d) {
  if (parts.x.size() != 32 || (d != nullptr && d->size() != 32)) return nullptr;
  Pkey key{d != nullptr ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Octets(d->Reveal()), 32)
                        : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Octets(parts.x), 32)};
  if (key != nullptr && d != nullptr && PublicPartsOf(key.get(), KeyType::kEd25519).x != parts.x) return nullptr;
  return key;
}

Pkey Rsa(const PublicKeyParts& parts, const PrivateKeyParts* secret) {
  if (parts.n.empty() || parts.n.size() > kMaxRsaBytes || parts.n[0] == '\0' || parts.e.empty() || parts.e[0] == '\0' ||
      parts.e.size() > kMaxExponentBytes || (parts.e.back() & 1) == 0 || (parts.e.size() == 1 && parts.e[0] == 1))
    return nullptr;
  Builder builder;
  builder.Number(OSSL_PKEY_PARAM_RSA_N, parts.n);
  builder.Number(OSSL_PKEY_PARAM_RSA_E, parts.e);
  if (secret != nullptr) {
    for (const Secret* part : {&secret->d, &secret->p, &secret->q, &secret->dp, &secret->dq, &secret->qi})
      if (part->empty() || part->size() > kMaxRsaBytes) return nullptr;
    builder.Number(OSSL_PKEY_PARAM_RSA_D, secret->d.Reveal());
    builder.Number(OSSL_PKEY_PARAM_RSA_FACTOR1, secret->p.Reveal());
    builder.Number(OSSL_PKEY_PARAM_RSA_FACTOR2, secret->q.Reveal());
    builder.Number(OSSL_PKEY_PARAM_RSA_EXPONENT1, secret->dp.Reveal());
    builder.Number(OSSL_PKEY_PARAM_RSA_EXPONENT2, secret->dq.Reveal());
    builder.Number(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, secret->qi.Reveal());
  }
  return builder.Build("RSA", secret != nullptr);
}

std::string NumberOf(EVP_PKEY* key, const char* name, std::size_t width) {
  BIGNUM* raw = nullptr;
  Must(EVP_PKEY_get_bn_param(key, name, &raw) == 1, "EVP_PKEY_get_bn_param");
  const BigNumber number(raw);
  std::string out(width != 0 ? width : static_cast<std::size_t>(BN_num_bytes(raw)), '\0');
  Must(BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) >= 0, "BN_bn2binpad");
  return out;
}

}  // namespace

Pkey PkeyFromPublicParts(const PublicKeyParts& parts) {
  if (parts.type == KeyType::kRsa) return Rsa(parts, nullptr);
  return parts.type == KeyType::kEd25519 ? Ed25519(parts, nullptr) : Ec(parts, nullptr);
}

Pkey PkeyFromPrivateParts(const PrivateKeyParts& parts) {
  const PublicKeyParts& half = parts.public_parts;
  if (half.type == KeyType::kRsa) return Rsa(half, &parts);
  return half.type == KeyType::kEd25519 ? Ed25519(half, &parts.d) : Ec(half, &parts.d);
}

PublicKeyParts PublicPartsOf(EVP_PKEY* key, KeyType type) {
  PublicKeyParts out;
  out.type = type;
  if (type == KeyType::kRsa) {
    out.n = NumberOf(key, OSSL_PKEY_PARAM_RSA_N, 0);
    out.e = NumberOf(key, OSSL_PKEY_PARAM_RSA_E, 0);
  } else if (type == KeyType::kEd25519) {
    std::size_t length = 32;
    out.x.resize(length);
    Must(EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(out.x.data()), &length) == 1, "Ed25519 key");
  } else {
    out.x = NumberOf(key, OSSL_PKEY_PARAM_EC_PUB_X, WidthOf(type));
    out.y = NumberOf(key, OSSL_PKEY_PARAM_EC_PUB_Y, WidthOf(type));
  }
  return out;
}

bool PkeyIsSound(EVP_PKEY* key, bool with_private) {
  const PkeyContext context{EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)};
  if (context == nullptr) return false;
  // The full public check of an RSA key only looks at sizes and small factors; of an EC point, that it is on the curve.
  if (EVP_PKEY_public_check(context.get()) != 1) return false;
  return !with_private || EVP_PKEY_is_a(key, "ED25519") == 1 || EVP_PKEY_pairwise_check(context.get()) == 1;
}

}  // namespace sallyport::crypto
