// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/audit.h"

#include "sallyport/store/record_event.h"
#include "sallyport/store/store.h"

namespace sallyport::gateway {

void Audit(const AuthRequest& request, std::string_view event, std::string_view outcome, std::string_view reason, AuditSubject subject) {
  model::AuditEvent entry;
  entry.event = event;
  entry.outcome = outcome;
  entry.reason = reason;
  entry.user_id = subject.user_id;
  entry.session_id = subject.session_id;
  entry.actor = "user";
  entry.ip = request.client_ip;
  entry.user_agent = request.user_agent();
  entry.request_id = request.request_id;
  store::RecordEvent(request.services.store.audit(), request.services.clock, std::move(entry));
}

}  // namespace sallyport::gateway
