// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/errc.h"

namespace sallyport::token {

const char* NameOf(Errc code) {
  switch (code) {
    case Errc::kMalformed: return "malformed";
    case Errc::kForged: return "forged";
    case Errc::kExpired: return "expired";
    case Errc::kTooLarge: return "too_large";
    case Errc::kInvalidKey: return "invalid_key";
  }
  return "unknown";
}

}  // namespace sallyport::token
