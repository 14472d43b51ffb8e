// SPDX-License-Identifier: Apache-2.0
// Why a JOSE object was refused; one code a reason.
#pragma once

#include "sallyport/base/error.h"

namespace sallyport::jose {

enum class Errc {
  kMalformed = 1,         // segments, base64url, JSON, member types; duplicate members too
  kTooLarge,
  kAlgorithmNotAllowed,   // unknown, "none", or not in the allow-list
  kUnknownCritical,       // `crit` names what we do not implement (we implement nothing)
  kUnsafeHeader,          // jwk, jku, x5u, x5c, zip, b64: a header that would choose keys or change the format
  kKeyNotFound,           // no key of that id
  kKeyUnsuitable,         // use, key_ops, alg or type of the key forbid it
  kInvalidKey,
  kBadSignature,
  kDecryptionFailed,
  kMissingClaim,
  kExpired,
  kNotYetValid,
  kIssuedInFuture,
  kTooOld,
  kWrongIssuer,
  kWrongAudience,
  kWrongType,
};
const char* NameOf(Errc code);

}  // namespace sallyport::jose

SALLYPORT_ERRC(sallyport::jose, "jose")
