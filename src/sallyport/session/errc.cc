// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/errc.h"

namespace sallyport::session {

const char* NameOf(Errc e) {
  switch (e) {
    case Errc::kEnded: return "ended";
    case Errc::kClaimNotAllowed: return "claim_not_allowed";
    case Errc::kTooLarge: return "too_large";
    case Errc::kTooManyGuesses: return "too_many_guesses";
  }
  return "unknown";
}

}  // namespace sallyport::session
