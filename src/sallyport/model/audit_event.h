// SPDX-License-Identifier: Apache-2.0
// One line of the audit log (S63).
#pragma once

#include <string>

#include "sallyport/base/clock.h"

namespace sallyport::model {

struct AuditEvent {
  Timestamp at{};
  std::string event;       // "signin", "signout", "session.revoke", "user.create", "password.change", "key.rotate", …
  std::string outcome;     // "success" | "failure" | "denied"
  std::string reason;      // stable code, e.g. "bad_password"; empty on success
  std::string user_id;     // empty when unknown
  std::string session_id;
  std::string actor;       // "user", "admin", "system"
  std::string ip;
  std::string user_agent;
  std::string request_id;
  std::string detail_json = "{}";  // never a secret

  bool operator==(const AuditEvent&) const = default;
};

}  // namespace sallyport::model
