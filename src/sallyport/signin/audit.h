// SPDX-License-Identifier: Apache-2.0
// Audit events of the sign-in layer (S63); store::RecordEvent writes them.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/clock.h"
#include "sallyport/signin/signed_in.h"
#include "sallyport/store/audit_store.h"

namespace sallyport::signin {

struct AuditLine {
  std::string_view event;       // "signin", "register", …
  std::string_view outcome;     // "success" | "failure" | "denied"
  std::string reason;           // stable code; empty on success
  std::string user_id;
  std::string identifier;       // canonical address that was typed; never anything else that was typed (S62)
  std::string_view actor = "user";
  std::string_view method = {};
};

void Audit(store::AuditStore& audit, const Clock& clock, const RequestFacts& facts, AuditLine line);

}  // namespace sallyport::signin
