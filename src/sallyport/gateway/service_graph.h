// SPDX-License-Identifier: Apache-2.0
// Everything behind the front door, constructed and wired in order: store, keys, sessions, sign-in methods, mail. Used by App
// (with listeners around it) and OfflineServices (without).
//
// What the configuration decides is in a snapshot (service_snapshot.h), which a reload replaces; the rest lasts.
// Made and destroyed on the main thread; its workers run from Create to Stop.
#pragma once

#include <functional>
#include <memory>

#include "sallyport/async/worker_set.h"
#include "sallyport/gateway/metrics/event_counts.h"
#include "sallyport/gateway/service_snapshot.h"
#include "sallyport/store/store.h"

namespace sallyport::gateway {

class ServiceGraph {
 public:
  // Opens the store (with its lock, unless another process has handed one over), loads or makes the keys, starts the workers.
  // Errors say what to do.
  static Result<std::unique_ptr<ServiceGraph>> Create(std::shared_ptr<const config::Config> config, std::size_t workers,
                                                      std::unique_ptr<store::StoreLock> lock = nullptr);
  ~ServiceGraph();

  // The services of the configuration that is in use; whoever works with them over time holds them. On any thread.
  std::shared_ptr<ServiceSnapshot> snapshot() const;
  Services& services() { return snapshot()->services(); }
  // For another configuration, on top of what lasts. Nothing changes until it is used.
  Result<std::shared_ptr<ServiceSnapshot>> MakeSnapshot(std::shared_ptr<const config::Config> config) const;
  // From now on. Blocks; not on a worker.
  void Use(std::shared_ptr<ServiceSnapshot> next);
  net::HttpClient& http();
  const store::StoreLock& store_lock() const;
  async::WorkerSet& workers();
  const Clock& clock() const;
  const signin::RefreshCounters& refreshes() const;
  const signin::RefreshCounters& provider_refreshes() const;
  const EventCounts& event_counts() const;
  // Background work: mail delivery, session housekeeping, key rotation. Not for one-off commands.
  Result<void> StartHousekeeping();
  // Runs a coroutine on worker 0 and waits for its end.
  void RunOnWorker(std::function<Coroutine<void>()> work);
  // Ends background work, the workers and the store; nothing of the graph may be used afterwards. Idempotent.
  void Stop();

 private:
  struct State;
  explicit ServiceGraph(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::gateway
