// SPDX-License-Identifier: Apache-2.0
// Counts what the audit log is told of: sign-ins by method and outcome, throttled tries, everything else by event and outcome.
//
// The store that CountEvents returns is the given one, except that its audit log counts. So whatever is audited is counted, and
// no handler has to think of it. Only the program's own words become labels: events, methods, outcomes, reasons that say which
// limit it was; never a user, an address or anything typed (S62). Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "sallyport/base/metrics_text.h"
#include "sallyport/store/store.h"

namespace sallyport::gateway {

class EventCounts {
 public:
  static constexpr std::size_t kMaxKinds = 512;

  void Count(const model::AuditEvent& event);
  void WriteTo(MetricsText& text) const;

 private:
  using Key = std::tuple<std::string, std::string>;
  static void Raise(std::map<Key, std::uint64_t>& counts, Key key);

  mutable std::mutex mutex_;
  std::map<Key, std::uint64_t> events_;      // event, outcome
  std::map<Key, std::uint64_t> sign_ins_;    // method, outcome
  std::map<Key, std::uint64_t> throttled_;   // event, limit
};

// `counts` must outlive the store.
std::unique_ptr<store::Store> CountEvents(std::unique_ptr<store::Store> store, EventCounts& counts);

}  // namespace sallyport::gateway
