// SPDX-License-Identifier: Apache-2.0
// Ownership of OpenSSL objects, for the .cc files of crypto/ only.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace sallyport::crypto {

template <auto kFree>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
template <class T, auto kFree>
using OpensslPtr = std::unique_ptr<T, OpensslFree<kFree>>;

using MdContext = OpensslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using CipherContext = OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using PkeyContext = OpensslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Pkey = OpensslPtr<EVP_PKEY, EVP_PKEY_free>;
using Bio = OpensslPtr<BIO, BIO_free_all>;
using BigNumber = OpensslPtr<BIGNUM, BN_clear_free>;
using ParamBuilder = OpensslPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = OpensslPtr<OSSL_PARAM, OSSL_PARAM_free>;
using EcdsaSignature = OpensslPtr<ECDSA_SIG, ECDSA_SIG_free>;

// For calls that fail only when the library is broken or memory is gone: nobody could go on safely.
inline void Must(bool success, const char* what) {
  if (success) return;
  std::fprintf(stderr, "sallyport: OpenSSL failed: %s\n", what);
  std::abort();
}

inline const unsigned char* Octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace sallyport::crypto
