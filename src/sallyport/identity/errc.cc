// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/errc.h"

namespace sallyport::identity {

const char* NameOf(Errc e) {
  switch (e) {
    case Errc::kInvalidEmail: return "invalid_email";
    case Errc::kInvalidName: return "invalid_name";
    case Errc::kInvalidGroup: return "invalid_group";
    case Errc::kPasswordTooShort: return "too_short";
    case Errc::kPasswordTooLong: return "too_long";
    case Errc::kPasswordCommon: return "common";
    case Errc::kPasswordLikeIdentity: return "like_email";
    case Errc::kWrongPassword: return "wrong_password";
    case Errc::kInvalidToken: return "invalid_token";
    case Errc::kNeedsProof: return "needs_proof";
    case Errc::kEmailTaken: return "email_taken";
    case Errc::kNoSuchUser: return "no_such_user";
    case Errc::kOverloaded: return "overloaded";
  }
  return "unknown";
}

}  // namespace sallyport::identity
