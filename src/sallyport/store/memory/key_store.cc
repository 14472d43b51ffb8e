// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/store/memory/state.h"

namespace sallyport::store::memory {
namespace {

class MemoryKeyStore final : public KeyStore {
 public:
  explicit MemoryKeyStore(State& state) : state_(state) {}

  Task<std::vector<SigningKeyRecord>> List() override {
    const std::lock_guard lock(state_.mutex);
    std::vector<SigningKeyRecord> keys;
    for (const auto& [kid, key] : state_.keys) keys.push_back(key);
    std::ranges::stable_sort(keys, {}, &SigningKeyRecord::created_at);
    co_return keys;
  }

  Task<void> Insert(SigningKeyRecord key, bool only_if_none) override {
    const std::lock_guard lock(state_.mutex);
    const auto is_live = [](const auto& entry) { return !entry.second.retired_at; };
    if (only_if_none && std::ranges::any_of(state_.keys, is_live)) co_return Fail(Errc::kConflict);
    const std::string kid = key.kid;
    if (kid.empty() || !state_.keys.emplace(kid, std::move(key)).second) co_return Fail(Errc::kConflict);
    co_return Result<void>();
  }

  Task<void> Retire(std::string kid, Timestamp at) override {
    const std::lock_guard lock(state_.mutex);
    const auto found = state_.keys.find(kid);
    if (found == state_.keys.end()) co_return Fail(Errc::kNotFound);
    if (!found->second.retired_at) found->second.retired_at = at;
    co_return Result<void>();
  }

  Task<void> Delete(std::string kid) override {
    const std::lock_guard lock(state_.mutex);
    if (state_.keys.erase(kid) == 0) co_return Fail(Errc::kNotFound);
    co_return Result<void>();
  }

 private:
  State& state_;
};

}  // namespace

std::unique_ptr<KeyStore> MakeKeyStore(State& state) { return std::make_unique<MemoryKeyStore>(state); }

}  // namespace sallyport::store::memory
