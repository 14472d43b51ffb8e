// SPDX-License-Identifier: Apache-2.0
// Audit events of our own endpoints (S63); store::RecordEvent writes them.
#pragma once

#include <string_view>

#include "sallyport/gateway/auth_request.h"

namespace sallyport::gateway {

struct AuditSubject {
  std::string_view user_id, session_id;
};
// `reason` is a stable code; empty on success.
void Audit(const AuthRequest& request, std::string_view event, std::string_view outcome, std::string_view reason, AuditSubject subject);

}  // namespace sallyport::gateway
