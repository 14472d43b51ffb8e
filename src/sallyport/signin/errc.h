// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sallyport/base/error.h"

namespace sallyport::signin {

enum class Errc {
  kBadCredentials = 1,    // wrong password, unknown or disabled account: indistinguishable outside (S50)
  kThrottled,             // S55: 429 with Retry-After
  kOverloaded,            // S56: the hashing queue is full: 503 with Retry-After
  kBackendUnavailable,    // the login endpoint timed out, answered 5xx or something that is not understood: 503
  kSessionEnded,          // the back end refused to refresh, or the session is gone: 401 login_required
  kNoBackendTokens,       // the session was not begun by the back end: there is nothing to attach
  kTemplate,              // a mail template and its fields do not fit: a bug
  kInvalidMail,           // an address, subject or name that cannot stand in a mail header (S52, S53)
  kProviderTrouble,       // an identity provider could not be reached, or its answer is not understood
  kBadProfile,            // what the provider says about the person cannot be used: no id, or not what its table row expects
};
const char* NameOf(Errc e);

}  // namespace sallyport::signin

SALLYPORT_ERRC(sallyport::signin, "signin")
