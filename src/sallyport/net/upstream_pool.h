// SPDX-License-Identifier: Apache-2.0
// Connections of one worker to one upstream: keep-alive reuse, several addresses in turn, health.
//
// Three failures in a row take an address out for `out_for`; then one probe brings it back. An idle pooled connection on
// which anything arrives is closed. Health is shared between workers (atomics), connections are not.
//
// Used on its worker. Made on any thread; destroyed on its worker, or when the workers have stopped and still exist.
#pragma once

#include <memory>

#include "sallyport/net/exchange.h"
#include "sallyport/net/options.h"

namespace sallyport::net {

class UpstreamHealth;      // shared between the workers' pools of one upstream
std::shared_ptr<UpstreamHealth> MakeUpstreamHealth(const UpstreamOptions& options);

class UpstreamPool {
 public:
  UpstreamPool(const UpstreamOptions& options, std::shared_ptr<UpstreamHealth> health, const Executor& executor);
  ~UpstreamPool();
  UpstreamPool(const UpstreamPool&) = delete;
  UpstreamPool& operator=(const UpstreamPool&) = delete;

  const UpstreamOptions& options() const;
  std::size_t idle_connections() const;
  // For /readyz and metrics; on any thread.
  bool AnyAddressHealthy() const;
  bool IsHealthy(std::size_t address) const;
  // Of one address: all connections, idle ones included. On the pool's worker.
  std::size_t open_connections(std::size_t address) const;
  std::size_t idle_connections(std::size_t address) const;

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::shared_ptr<Impl> impl_;  // shared with the connections that are in use
};

}  // namespace sallyport::net
