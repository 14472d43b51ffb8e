// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sallyport/base/error.h"

namespace sallyport::session {

enum class Errc {
  kEnded = 1,         // revoked, expired or unknown
  kClaimNotAllowed,   // a key that session.update_claims does not list, or a value that is too large
  kTooLarge,          // the session does not fit into its cookies (16 chunks)
  kTooManyGuesses,    // the client's address has shown too many tokens that nobody knows
};
const char* NameOf(Errc e);

}  // namespace sallyport::session

SALLYPORT_ERRC(sallyport::session, "session")
