// SPDX-License-Identifier: Apache-2.0
// What a store says of itself, for /metrics: figures of this process, and counts of what is in it. No ids, no names.
#pragma once

#include <cstdint>

#include "sallyport/base/metrics.h"

namespace sallyport::store {

struct StoreStatistics {
  LatencyTotals reads;                     // asked to answered, waiting included
  LatencyTotals commits;                   // one group commit: begun to durable
  std::uint64_t commands_written = 0;
  std::uint64_t batches_failed = 0;
  std::uint64_t writes_waiting = 0;
  std::uint64_t expired_sessions = 0;      // deleted by this process because their time was over
  std::uint64_t sessions_live = 0;
  std::uint64_t mails_queued = 0, mails_failed = 0;
};

}  // namespace sallyport::store
