// SPDX-License-Identifier: Apache-2.0
// The control socket of a running server: one request line, one answer line, then the connection is closed.
//
//   → {"operation": "session.revoke", "arguments": {"session": "…"}}\n        at most kMaxRequestBytes
//   ← {"ok": true, "result": {"sessions_ended": 1}}\n
// The file is 0600 and the peer's uid is checked (SO_PEERCRED): ours or root's. It runs on one thread of its own, which posts
// operations to worker 0 and waits: a slow client holds up other operators for kClientTimeout at most, requests never.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "sallyport/admin/unix_socket.h"
#include "sallyport/base/json.h"
#include "sallyport/base/result.h"
#include "sallyport/gateway/services.h"

namespace sallyport::admin {

inline constexpr std::size_t kMaxRequestBytes = 1 << 20;
inline constexpr std::chrono::seconds kClientTimeout{5};
inline constexpr std::chrono::seconds kOperationTimeout{30};

struct AdminSources {
  // Those that are in use; an operation holds them while it runs.
  std::function<std::shared_ptr<gateway::Services>()> services;
  // Operations on the process itself, by name: they block, so they run on the socket's own thread.
  std::map<std::string, std::function<json::object(const std::string& caller)>, std::less<>> process_operations;
};

class AdminSocket {
 public:
  // Takes the place of a socket that a dead server left. Call it while the store's lock is held. What `sources` call outlives it.
  static Result<std::unique_ptr<AdminSocket>> Listen(std::string path, AdminSources sources);
  // On a socket that listens at `path` already, which another process has handed over.
  static Result<std::unique_ptr<AdminSocket>> TakeOver(int listener, std::string path, AdminSources sources);
  // For a process that takes over; it stays open here.
  int listener() const;
  // Another process answers there now: no more connections are taken, and the file stays. From an operation or any thread.
  void LetGo();
  // Stops the thread and, unless it was let go, removes the file. An operation under way is not waited for.
  ~AdminSocket();

 private:
  struct State;
  explicit AdminSocket(std::unique_ptr<State> state);
  static Result<std::unique_ptr<AdminSocket>> Make(Descriptor listener, std::string path, AdminSources sources);
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::admin
