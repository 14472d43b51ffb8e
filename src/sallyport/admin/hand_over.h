// SPDX-License-Identifier: Apache-2.0
// How a running server hands its place to another process (a newer binary): the listening sockets, the lock of the store and
// the control socket go over a socket pair (SCM_RIGHTS). They are the same open sockets and the same lock in both processes,
// so that nothing is bound anew, nothing is closed before it is accepted from, and nobody else can take the store between.
//
//   old → new   'L' + lock   'C' + control socket   'S' + at most 200 listeners, again and again   'E'
//   new → old   'R': it accepts connections. Its end without that: it could not start, and nothing has changed.
//   the end of the pair tells the new process that the old one has gone.
// Everything blocks; not on a worker.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sallyport/admin/unix_socket.h"
#include "sallyport/base/result.h"

namespace sallyport::admin {

// Descriptors; -1: none.
struct Estate {
  int store_lock = -1;
  int control = -1;
  std::vector<int> listeners;
};

// --- the old process ---
class Successor {
 public:
  // Starts `command` (looked for in PATH) and gives it the estate; returns when it accepts connections. When it does not within
  // `limit` it is killed. Errors have a sentence.
  static Result<Successor> Start(const std::vector<std::string>& command, const Estate& estate, std::chrono::seconds limit);
  pid_t pid() const { return pid_; }

 private:
  Successor(pid_t pid, Descriptor channel) : pid_(pid), channel_(std::move(channel)) {}
  pid_t pid_;
  Descriptor channel_;   // open until this process ends
};

// --- the new process ---
class Predecessor {
 public:
  // Empty when nobody hands over to this process. An error when it should take over and was not given everything.
  static Result<std::unique_ptr<Predecessor>> FromEnvironment();
  ~Predecessor();

  // The caller's from now on.
  Estate TakeEstate() { return std::exchange(estate_, {}); }
  // This process accepts connections. `gone` is called on a thread of its own when the old process has ended.
  void SayReady(std::function<void()> gone);

 private:
  explicit Predecessor(Descriptor channel) : channel_(std::move(channel)) {}
  Result<void> Receive();

  Descriptor channel_, wake_;
  Estate estate_;
  std::thread watcher_;
};

}  // namespace sallyport::admin
