// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/errc.h"

namespace sallyport::jose {

const char* NameOf(Errc code) {
  switch (code) {
    case Errc::kMalformed: return "malformed";
    case Errc::kTooLarge: return "too_large";
    case Errc::kAlgorithmNotAllowed: return "algorithm_not_allowed";
    case Errc::kUnknownCritical: return "unknown_critical";
    case Errc::kUnsafeHeader: return "unsafe_header";
    case Errc::kKeyNotFound: return "key_not_found";
    case Errc::kKeyUnsuitable: return "key_unsuitable";
    case Errc::kInvalidKey: return "invalid_key";
    case Errc::kBadSignature: return "bad_signature";
    case Errc::kDecryptionFailed: return "decryption_failed";
    case Errc::kMissingClaim: return "missing_claim";
    case Errc::kExpired: return "expired";
    case Errc::kNotYetValid: return "not_yet_valid";
    case Errc::kIssuedInFuture: return "issued_in_future";
    case Errc::kTooOld: return "too_old";
    case Errc::kWrongIssuer: return "wrong_issuer";
    case Errc::kWrongAudience: return "wrong_audience";
    case Errc::kWrongType: return "wrong_type";
  }
  return "unknown";
}

}  // namespace sallyport::jose
