// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sallyport/base/error.h"

namespace sallyport::token {

enum class Errc {
  kMalformed = 1,
  kForged,   // no key opens or confirms it
  kExpired,
  kTooLarge,
  kInvalidKey,
};
const char* NameOf(Errc code);

}  // namespace sallyport::token

SALLYPORT_ERRC(sallyport::token, "token")
