// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/revoked_ids.h"

namespace sallyport::session {

void RevokedIds::Add(const model::SessionId& id, Timestamp until) {
  const auto [it, added] = ids_.emplace(id, until);
  if (added) by_end_.emplace(until, &it->first);
  else if (until > it->second) it->second = until;
}

void RevokedIds::Sweep(Timestamp now) {
  while (!by_end_.empty() && by_end_.begin()->first <= now) {
    auto node = by_end_.extract(by_end_.begin());
    const auto it = ids_.find(*node.mapped());
    if (it->second > now) {
      node.key() = it->second;
      by_end_.insert(std::move(node));
    } else {
      ids_.erase(it);
    }
  }
}

}  // namespace sallyport::session
