// SPDX-License-Identifier: Apache-2.0
// A running server as a process: the gateway, its admin listener, the control socket, signals, the service manager; and how
// it hands its place to a newer binary, or takes the place of an older one, without losing a request.
//
// Made, run and destroyed on the main thread.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sallyport/admin/admin_socket.h"
#include "sallyport/admin/hand_over.h"
#include "sallyport/cli/admin_server.h"
#include "sallyport/cli/service_notifier.h"
#include "sallyport/gateway/app.h"
#include "sallyport/gateway/reloader.h"

namespace sallyport::cli {

class ServerProcess {
 public:
  // `file` is what a reload reads (empty: there is none); `command` is what starts a successor.
  ServerProcess(std::shared_ptr<const config::Config> config, std::string file, std::vector<std::string> command);
  ~ServerProcess();

  // Takes over when another process hands over, else opens everything itself. Errors have a sentence.
  Result<void> Start();
  // Until a signal or a successor ends it.
  void Run();
  bool took_over() const { return predecessor_ != nullptr; }

 private:
  Result<void> Listen(admin::Estate& estate);
  json::object Upgrade(const std::string& caller);
  gateway::ReloadReport Reload(const std::string& caller);
  bool WorkersAnswer(std::chrono::milliseconds limit) const;
  std::string Status() const;

  const std::shared_ptr<const config::Config> config_;
  const std::vector<std::string> command_;
  ServiceNotifier notifier_;
  std::unique_ptr<gateway::App> app_;
  std::unique_ptr<admin::Predecessor> predecessor_;   // after the app, which it tells of its end
  std::unique_ptr<AdminServer> admin_;
  const std::string file_;
  std::unique_ptr<gateway::Reloader> reloader_;
  std::mutex mutex_;          // one reload or upgrade at a time, and none once it stops
  bool stopping_ = false;     // under the mutex
  std::atomic<bool> shares_ = false;   // the process that this one took over from has not ended yet
  std::unique_ptr<admin::Successor> successor_;
  std::unique_ptr<admin::AdminSocket> control_;   // the last: its operations use all of the above
};

}  // namespace sallyport::cli
