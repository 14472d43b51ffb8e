// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/errc.h"

namespace sallyport::crypto {

const char* NameOf(Errc code) {
  switch (code) {
    case Errc::kInvalidKey: return "invalid_key";
    case Errc::kInvalidInput: return "invalid_input";
    case Errc::kAuthenticationFailed: return "authentication_failed";
    case Errc::kBadSignature: return "bad_signature";
    case Errc::kUnsupported: return "unsupported";
  }
  return "unknown";
}

}  // namespace sallyport::crypto
