// SPDX-License-Identifier: Apache-2.0
// Tells the service manager what the process does (sd_notify(3), without libsystemd): datagrams to $NOTIFY_SOCKET. Without
// that variable nothing happens. Thread-safe.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sallyport::cli {

class ServiceNotifier {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  ServiceNotifier();
  ~ServiceNotifier();

  void Ready(std::string_view status);
  // Before a reload; Ready() follows, whatever came of it.
  void Reloading();
  void Stopping();
  // The main process is another one from now on.
  void HandedOver(pid_t successor);

  // Has the watchdog fed, at half its time, as long as `alive` says so; when the manager asked for one. `alive` is called on a
  // thread of its own and may take as long as that.
  void FeedWatchdog(std::function<bool(std::chrono::milliseconds limit)> alive);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::cli
