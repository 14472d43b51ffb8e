// SPDX-License-Identifier: Apache-2.0
// The one way into the audit log (S63).
#pragma once

#include "sallyport/base/clock.h"
#include "sallyport/store/audit_store.h"

namespace sallyport::store {

// Stamps the event with the time and queues it; a user agent is cut at 256 bytes. Never waits and never fails the caller: an
// event that cannot be queued is an error in the diagnostic log. Thread-safe.
void RecordEvent(AuditStore& audit, const Clock& clock, model::AuditEvent event);

}  // namespace sallyport::store
