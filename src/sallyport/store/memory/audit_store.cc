// SPDX-License-Identifier: Apache-2.0
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

 private:
  State& state_;
};

}  // namespace

std::unique_ptr<AuditStore> MakeAuditStore(State& state) { return std::make_unique<MemoryAuditStore>(state); }

}  // namespace sallyport::store::memory
