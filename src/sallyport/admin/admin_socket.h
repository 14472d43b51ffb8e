// SPDX-License-Identifier: Apache-2.0
// The control socket of a running server: one request line, one answer line, then the connection is closed.
//
//   → {"operation": "session.revoke", "arguments": {"session": "…"}}\n        at most kMaxRequestBytes
//   ← {"ok": true, "result": {"sessions_ended": 1}}\n
// The file is 0600 and the peer's uid is checked (SO_PEERCRED): ours or root's. It runs on one thread of its own, which posts
// operations to worker 0 and waits: a slow client holds up other operators for kClientTimeout at most, requests never.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "sallyport/base/result.h"
#include "sallyport/gateway/services.h"

namespace sallyport::admin {

inline constexpr std::size_t kMaxRequestBytes = 1 << 20;
inline constexpr std::chrono::seconds kClientTimeout{5};
inline constexpr std::chrono::seconds kOperationTimeout{30};

class AdminSocket {
 public:
  // Takes the place of a socket that a dead server left. Call it while the store's lock is held. `services` outlives it.
  static Result<std::unique_ptr<AdminSocket>> Listen(std::string path, gateway::Services& services);
  // Stops the thread and removes the file. An operation under way is not waited for.
  ~AdminSocket();

 private:
  struct State;
  explicit AdminSocket(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::admin
