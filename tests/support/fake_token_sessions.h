// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sallyport/session/errc.h"
#include "sallyport/signin/session_access.h"
#include "sallyport/store/errc.h"

namespace sallyport::test {

// One session's tokens with a version, as the store keeps them.
class FakeTokenSessions final : public signin::SessionAccess {
 public:
  Task<std::pair<json::object, std::int64_t>> LoadTokens(model::SessionId) override {
    const std::lock_guard lock(mutex);
    if (ended) co_return Fail(session::Errc::kEnded);
    co_return std::pair(tokens, version);
  }
  Task<void> ReplaceTokens(model::SessionId, std::int64_t expected, json::object fresh) override {
    const std::lock_guard lock(mutex);
    if (before_replace) std::exchange(before_replace, nullptr)();
    if (ended) co_return Fail(session::Errc::kEnded);
    if (store_is_down) co_return Fail(store::Errc::kUnavailable);
    if (expected != version) co_return Fail(store::Errc::kConflict);
    tokens = std::move(fresh);
    ++version;
    co_return Result<void>{};
  }
  Task<bool> End(model::SessionId, model::EndReason why) override {
    const std::lock_guard lock(mutex);
    ended = why;
    co_return true;
  }
  Task<void> Announce(std::vector<store::Revocation>) override { co_return Result<void>{}; }

  void Set(std::string access, std::string refresh, std::int64_t expires_at) {
    tokens = {{"access_token", access}, {"refresh_token", refresh}, {"expires_at", expires_at}};
    ++version;
  }

  std::mutex mutex;
  json::object tokens;
  std::int64_t version = 1;
  std::optional<model::EndReason> ended;
  std::function<void()> before_replace;
  bool store_is_down = false;
};

}  // namespace sallyport::test
