// SPDX-License-Identifier: Apache-2.0
// Why a cryptographic operation gave nothing. Callers decide on these codes; OpenSSL's own texts stay inside.
#pragma once

#include "sallyport/base/error.h"

namespace sallyport::crypto {

enum class Errc {
  kInvalidKey = 1,        // wrong length, wrong type, not on the curve, too small, too large
  kInvalidInput,          // a length or form that the operation cannot take
  kAuthenticationFailed,  // tag or MAC does not fit: forged, damaged, another key or other associated data
  kBadSignature,
  kUnsupported,  // the algorithm does not fit the key, or the hash format is unknown
};
const char* NameOf(Errc code);

}  // namespace sallyport::crypto

SALLYPORT_ERRC(sallyport::crypto, "crypto")
