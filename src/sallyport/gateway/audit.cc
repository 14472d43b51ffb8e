// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/audit.h"

#include "sallyport/base/log.h"

namespace sallyport::gateway {

void Audit(const AuthRequest& request, std::string_view event, std::string_view outcome, std::string_view reason, AuditSubject subject) {
  model::AuditEvent entry;
  entry.at = request.services.clock.Now();
  entry.event = event;
  entry.outcome = outcome;
  entry.reason = reason;
  entry.user_id = subject.user_id;
  entry.session_id = subject.session_id;
  entry.actor = "user";
  entry.ip = request.client_ip;
  entry.user_agent = request.user_agent();
  entry.request_id = request.request_id;
  if (auto appended = request.services.store.audit().Append(std::move(entry)); !appended)
    log::Warn("an audit event was lost", {{"event", event}, {"error", appended.error().ToLogString()}});
}

}  // namespace sallyport::gateway
