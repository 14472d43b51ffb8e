// SPDX-License-Identifier: Apache-2.0
// Ids of sessions that were ended before their absolute end, each until that end. Single-threaded.
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "sallyport/base/clock.h"
#include "sallyport/model/ids.h"

namespace sallyport::session {

class RevokedIds {
 public:
  // The later `until` counts.
  void Add(const model::SessionId& id, Timestamp until);
  bool Contains(const model::SessionId& id) const { return ids_.contains(id); }
  // Forgets those whose `until` is not after `now`.
  void Sweep(Timestamp now);
  std::size_t size() const { return ids_.size(); }

 private:
  std::unordered_map<model::SessionId, Timestamp> ids_;
  std::multimap<Timestamp, const model::SessionId*> by_end_;  // one entry an id; points at the map's key
};

}  // namespace sallyport::session
