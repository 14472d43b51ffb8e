// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/store/memory/state.h"

namespace sallyport::store::memory {
namespace {

class MemoryAuditStore final : public AuditStore {
 public:
  explicit MemoryAuditStore(State& state) : state_(state) {}

  Result<void> Append(model::AuditEvent event) override {
    const std::lock_guard lock(state_.mutex);
    state_.audit.push_front(std::move(event));
    if (state_.audit.size() > State::kMaxAuditEvents) state_.audit.pop_back();
    return {};
  }

  Task<std::vector<model::AuditEvent>> List(AuditQuery query) override {
    const std::lock_guard lock(state_.mutex);
    std::vector<model::AuditEvent> events;
    for (const model::AuditEvent& event : state_.audit) {
      if (events.size() >= query.limit) break;
      const bool wanted = (query.user_id.empty() || event.user_id == query.user_id) &&
                          (query.event.empty() || event.event == query.event);
      if (wanted) events.push_back(event);
    }
    co_return events;
  }

  Task<std::size_t> DeleteBefore(Timestamp before, std::size_t limit) override {
    const std::lock_guard lock(state_.mutex);
    auto& events = state_.audit;  // newest first
    const auto oldest = events.end() - static_cast<std::ptrdiff_t>(std::min(limit, events.size()));
    const auto kept = std::remove_if(oldest, events.end(), [&](const auto& event) { return event.at < before; });
    const auto deleted = static_cast<std::size_t>(events.end() - kept);
    events.erase(kept, events.end());
    co_return deleted;
  }

 private:
  State& state_;
};

}  // namespace

std::unique_ptr<AuditStore> MakeAuditStore(State& state) { return std::make_unique<MemoryAuditStore>(state); }

}  // namespace sallyport::store::memory
