// SPDX-License-Identifier: Apache-2.0
// What each worker counts about sessions, for /metrics.
#pragma once

#include <cstdint>

#include "sallyport/base/metrics.h"
#include "sallyport/model/session_record.h"

namespace sallyport::session {

// kEnded is the first of as many counters as there are reasons (model::EndReason).
enum class SessionCounter : std::uint8_t { kCacheHit, kCacheMiss, kCacheUnknown, kCreated, kEnded };

inline constexpr std::size_t kEndReasons = static_cast<std::size_t>(model::EndReason::kReuseDetected) + 1;
inline constexpr std::size_t kSessionCounters = static_cast<std::size_t>(SessionCounter::kEnded) + kEndReasons;

constexpr SessionCounter EndedBy(model::EndReason reason) {
  return static_cast<SessionCounter>(static_cast<std::size_t>(SessionCounter::kEnded) + static_cast<std::size_t>(reason));
}

using SessionCounters = CounterSet<SessionCounter, kSessionCounters>;
using SessionTotals = std::array<std::uint64_t, kSessionCounters>;

}  // namespace sallyport::session
