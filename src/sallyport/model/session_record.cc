// SPDX-License-Identifier: Apache-2.0
#include "sallyport/model/session_record.h"

namespace sallyport::model {

const char* NameOf(EndReason reason) {
  switch (reason) {
    case EndReason::kSignedOut: return "signed_out";
    case EndReason::kRevokedByUser: return "revoked_by_user";
    case EndReason::kRevokedByAdmin: return "revoked_by_admin";
    case EndReason::kReplaced: return "replaced";
    case EndReason::kPasswordChanged: return "password_changed";
    case EndReason::kUserDisabled: return "user_disabled";
    case EndReason::kExpired: return "expired";
    case EndReason::kReuseDetected: return "reuse_detected";
  }
  return "unknown";
}

}  // namespace sallyport::model
