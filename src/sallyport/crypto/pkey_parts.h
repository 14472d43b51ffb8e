// SPDX-License-Identifier: Apache-2.0
// OpenSSL keys from and to the numbers of a JWK: the half of key_pair.cc that deals with representation. For key_pair.cc only.
#pragma once

#include "sallyport/crypto/key_pair.h"
#include "sallyport/crypto/openssl_ptr.h"

namespace sallyport::crypto {

// nullptr when the numbers make no key: wrong width, point off the curve, even or tiny RSA exponent, halves that do not match.
Pkey PkeyFromPublicParts(const PublicKeyParts& parts);
Pkey PkeyFromPrivateParts(const PrivateKeyParts& parts);
PublicKeyParts PublicPartsOf(EVP_PKEY* key, KeyType type);

// The library's own checks: point on the curve; with `with_private`, that the halves belong together.
bool PkeyIsSound(EVP_PKEY* key, bool with_private);

}  // namespace sallyport::crypto
