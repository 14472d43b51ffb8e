// SPDX-License-Identifier: Apache-2.0
// Everything behind the front door, constructed and wired in order: store, keys, sessions, sign-in methods, mail. Used by App
// (with listeners around it) and OfflineServices (without).
//
// Made and destroyed on the main thread; its workers run from Create to Stop.
#pragma once

#include <functional>
#include <memory>

#include "sallyport/async/worker_set.h"
#include "sallyport/gateway/metrics/event_counts.h"
#include "sallyport/gateway/services.h"

namespace sallyport::gateway {

class ServiceGraph {
 public:
  // Opens the store (with its lock), loads or makes the keys, starts the workers. Errors say what to do.
  static Result<std::unique_ptr<ServiceGraph>> Create(std::shared_ptr<const config::Config> config, std::size_t workers);
  ~ServiceGraph();

  Services& services();
  const EventCounts& event_counts() const;
  // Background work: mail delivery, session housekeeping, key rotation. Not for one-off commands.
  Result<void> StartHousekeeping();
  // Runs a coroutine on worker 0 and waits for its end.
  void RunOnWorker(std::function<boost::asio::awaitable<void>()> work);
  // Ends background work, the workers and the store; nothing of the graph may be used afterwards. Idempotent.
  void Stop();

 private:
  struct State;
  explicit ServiceGraph(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::gateway
