// SPDX-License-Identifier: Apache-2.0
// Sessions for tests of what ends them: remembers which ends were announced, has none of its own.
#pragma once

#include <vector>

#include "sallyport/signin/errc.h"
#include "sallyport/signin/session_access.h"

namespace sallyport::test {

class RecordingSessions final : public signin::SessionAccess {
 public:
  Task<std::pair<json::object, std::int64_t>> LoadTokens(model::SessionId) override { co_return Fail(signin::Errc::kSessionEnded); }
  Task<void> ReplaceTokens(model::SessionId, std::int64_t, json::object) override { co_return Result<void>{}; }
  Task<bool> End(model::SessionId, model::EndReason) override { co_return true; }
  Task<void> Announce(std::vector<store::Revocation> ended) override {
    for (auto& one : ended) announced.push_back(one.session_id);
    co_return Result<void>{};
  }
  std::vector<model::SessionId> announced;
};

}  // namespace sallyport::test
