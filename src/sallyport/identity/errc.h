// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sallyport/base/error.h"

namespace sallyport::identity {

enum class Errc {
  kInvalidEmail = 1,   // not an address that this product takes (email_address.h)
  kInvalidName,        // a display name with control characters, or longer than kMaxNameBytes
  kInvalidGroup,       // a group with a comma or control character, or longer than 64 bytes
  kPasswordTooShort,   // password_policy.h
  kPasswordTooLong,
  kPasswordCommon,
  kPasswordLikeIdentity,
  kWrongPassword,      // the current password does not fit
  kInvalidToken,       // unknown, used, expired, or of another purpose
  kNeedsProof,         // a good token shown by a browser that did not ask for it, without the password: nothing was consumed
  kEmailTaken,         // only told where the address has been proved, to operators, or with open registration
  kNoSuchUser,
  kOverloaded,         // the hashing queue is full (S56): 503 with PasswordHasher::retry_after()
};
const char* NameOf(Errc e);

}  // namespace sallyport::identity

SALLYPORT_ERRC(sallyport::identity, "identity")
