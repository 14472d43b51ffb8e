// SPDX-License-Identifier: Apache-2.0
// The audit log. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/model/audit_event.h"
#include "sallyport/store/errc.h"

namespace sallyport::store {

struct AuditQuery {
  std::string user_id;       // empty: all
  std::string event;         // empty: all
  std::size_t limit = 100;
};

class AuditStore {
 public:
  virtual ~AuditStore() = default;
  // Queues the event for the writer's next batch and returns at once; kBusy when the queue is full (the caller logs it).
  virtual Result<void> Append(model::AuditEvent event) = 0;
  // Newest first.
  virtual Task<std::vector<model::AuditEvent>> List(AuditQuery query) = 0;
  // Of the `limit` events written first, deletes those that are older than `before`. Returns how many.
  virtual Task<std::size_t> DeleteBefore(Timestamp before, std::size_t limit) = 0;
};

}  // namespace sallyport::store
