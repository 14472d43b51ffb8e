// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/record_event.h"

#include "sallyport/base/log.h"

namespace sallyport::store {
namespace {

constexpr std::size_t kMaxUserAgent = 256;

}  // namespace

void RecordEvent(AuditStore& audit, const Clock& clock, model::AuditEvent event) {
  event.at = clock.Now();
  if (event.user_agent.size() > kMaxUserAgent) event.user_agent.resize(kMaxUserAgent);
  const std::string name = event.event, outcome = event.outcome, user = event.user_id, request = event.request_id;
  if (const auto queued = audit.Append(std::move(event)); !queued) {
    log::Error("an audit event was lost", {{"event", name},
                                           {"outcome", outcome},
                                           {"user", user},
                                           {"request", request},
                                           {"error", queued.error().ToLogString()}});
  }
}

}  // namespace sallyport::store
