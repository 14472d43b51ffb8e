// SPDX-License-Identifier: Apache-2.0
// The few things that signin does to sessions, as an interface, so that refresh races can be tested without workers.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/base/json.h"
#include "sallyport/model/session_record.h"
#include "sallyport/store/session_store.h"

namespace sallyport::session {
class SessionService;
}

namespace sallyport::signin {

class SessionAccess {
 public:
  virtual ~SessionAccess() = default;
  // The opened tokens and the version they were read at. session::Errc::kEnded when the session is gone.
  virtual Task<std::pair<json::object, std::int64_t>> LoadTokens(model::SessionId id) = 0;
  // Compare-and-swap; store::Errc::kConflict when the session has changed since.
  virtual Task<void> ReplaceTokens(model::SessionId id, std::int64_t expected_version, json::object tokens) = 0;
  virtual Task<bool> End(model::SessionId id, model::EndReason reason) = 0;
  virtual Task<void> Announce(std::vector<store::Revocation> ended) = 0;
};

// `service` must outlive it.
std::unique_ptr<SessionAccess> MakeSessionAccess(session::SessionService& service);

}  // namespace sallyport::signin
