// SPDX-License-Identifier: Apache-2.0
// The composition root: the only place that constructs and wires, top to bottom.
//
// App is a running gateway. OfflineServices is the same without listeners and upstreams, for the command line when no server
// runs. Both are made and destroyed on the main thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/gateway/services.h"
#include "sallyport/net/inherited.h"
#include "sallyport/store/store.h"

namespace sallyport::gateway {

class App {
 public:
  // Opens the store and the keys, builds everything; listens to nothing yet. Fails with a sentence that says what to do.
  // With a lock that another process has handed over, the store is shared with it until ShareStore(false).
  static Result<std::unique_ptr<App>> Create(std::shared_ptr<const config::Config> config, std::unique_ptr<store::StoreLock> lock = nullptr);
  ~App();

  // Binds what was not inherited, listens, starts the workers.
  Result<void> Start(net::InheritedListeners& inherited);
  Result<void> Start() {
    net::InheritedListeners none;
    return Start(none);
  }

  // --- handing over to another process, and taking over from one; on any thread but a worker ---
  int store_lock() const;
  std::vector<int> listeners() const;
  // Another process works on the store too, or is about to: see SessionService::ShareStore.
  void ShareStore(bool shared);
  // It accepts connections: drain, and leave everything that it uses. RunUntilSignal returns.
  void HandOver();
  // Port of the first listener (it may have been chosen by the system).
  std::uint16_t port() const;
  // Blocks until SIGTERM or SIGINT (or HandOver), then drains (a second signal ends at once). The others are called in between.
  struct SignalActions {
    std::function<void()> on_hangup;    // SIGHUP
    std::function<void()> on_upgrade;   // SIGUSR2
    std::function<void()> on_stop;      // before the drain
  };
  void RunUntilSignal(const SignalActions& actions);
  // Drains and stops; blocks. For tests; RunUntilSignal does it by itself.
  void Stop();

  // The services of the configuration that is in use; hold them while working with them. On any thread.
  std::shared_ptr<Services> services() const;
  std::shared_ptr<const config::Config> config() const;
  // Puts another configuration into use: each exchange ends with the one that it began with, connections and sessions stay.
  // Settings that need a restart must be those that run (needs_restart.h). Blocks; not on a worker, by one thread at a time.
  // An error changes nothing: a provider's private key that cannot be used.
  Result<void> Use(std::shared_ptr<const config::Config> next);
  // For /metrics.
  void CountReload(bool applied);
  // True while every worker answers and the store passed its last check; for /readyz.
  bool ready() const;
  // The body of /metrics; on a worker.
  Coroutine<std::string> Metrics();
  // Names of the upstreams that have no healthy address right now.
  std::vector<std::string> upstreams_down() const;

 private:
  struct State;
  explicit App(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class OfflineServices {
 public:
  static Result<std::unique_ptr<OfflineServices>> Open(std::shared_ptr<const config::Config> config);
  ~OfflineServices();
  Services& services();
  // Runs `work` on the one worker and waits for it.
  template <class T>
  Result<T> RunBlocking(std::function<Task<T>(Services&)> work);

 private:
  struct State;
  explicit OfflineServices(std::unique_ptr<State> state);
  void RunOnWorker(std::function<Coroutine<void>()> work);
  std::unique_ptr<State> state_;
};

template <class T>
Result<T> OfflineServices::RunBlocking(std::function<Task<T>(Services&)> work) {
  std::optional<Result<T>> result;
  RunOnWorker([this, &work, &result]() -> Coroutine<void> { result = co_await work(services()); });
  return std::move(*result);
}

}  // namespace sallyport::gateway
