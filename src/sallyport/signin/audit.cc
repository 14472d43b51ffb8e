// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/audit.h"

#include "sallyport/base/json.h"
#include "sallyport/store/record_event.h"

namespace sallyport::signin {

void Audit(store::AuditStore& audit, const Clock& clock, const RequestFacts& facts, AuditLine line) {
  model::AuditEvent event;
  event.event = line.event;
  event.outcome = line.outcome;
  event.reason = std::move(line.reason);
  event.user_id = std::move(line.user_id);
  event.actor = line.actor;
  event.ip = facts.ip;
  event.user_agent = facts.user_agent;
  event.request_id = facts.request_id;
  json::object detail;
  if (!line.identifier.empty()) detail["identifier"] = line.identifier;
  if (!line.method.empty()) detail["method"] = line.method;
  event.detail_json = json::serialize(detail);
  store::RecordEvent(audit, clock, std::move(event));
}

}  // namespace sallyport::signin
