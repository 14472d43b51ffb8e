// SPDX-License-Identifier: Apache-2.0
// Sessions of the jwt strategy that have changed in the store since some of their cookies were made: such a cookie tells who,
// not what; the store's row must be read. Each until the session's absolute end. Single-threaded.
#pragma once

#include <algorithm>
#include <unordered_map>

#include "sallyport/base/clock.h"
#include "sallyport/model/ids.h"

namespace sallyport::session {

class ChangedSessions {
 public:
  void Add(const model::SessionId& id, Timestamp changed_at, Timestamp until) {
    Timestamp& at = changes_[id].at;
    at = std::max(at, changed_at);
    changes_[id].until = until;
  }
  // Cookies count in whole seconds: one of the same second may be older.
  bool IsOutdated(const model::SessionId& id, Timestamp issued_at) const {
    const auto it = changes_.find(id);
    return it != changes_.end() && issued_at <= it->second.at;
  }
  // Forgets those whose `until` is not after `now`. Looks at all of them, hence once a minute only.
  void Sweep(Timestamp now) {
    if (now < next_sweep_) return;
    next_sweep_ = now + std::chrono::minutes(1);
    std::erase_if(changes_, [now](const auto& change) { return change.second.until <= now; });
  }
  std::size_t size() const { return changes_.size(); }

 private:
  struct Change {
    Timestamp at{}, until{};
  };
  std::unordered_map<model::SessionId, Change> changes_;
  Timestamp next_sweep_{};
};

}  // namespace sallyport::session
