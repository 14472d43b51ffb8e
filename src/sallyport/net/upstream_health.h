// SPDX-License-Identifier: Apache-2.0
// Addresses of one upstream and how they fare, shared by all workers. Thread-safe.
//
// Three failures in a row take an address out for `out_for`; then one request is let through as a probe. An upstream's
// only address is always tried: failing fast would help nobody there.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "sallyport/async/thread_pool.h"
#include "sallyport/net/endpoint.h"
#include "sallyport/net/options.h"

namespace sallyport::net {

class UpstreamHealth {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  explicit UpstreamHealth(const UpstreamOptions& options);

  std::size_t size() const { return addresses_.size(); }
  // The next address in turn that may be tried and is not in `tried` (a bit per address); kNone when there is none.
  std::size_t Choose(std::uint64_t tried);
  bool AnyHealthy() const;
  // False for an address that is out or whose probe is under way; changes nothing.
  bool IsHealthy(std::size_t address) const;

  void Succeeded(std::size_t address);
  void Failed(std::size_t address);
  // What that address's name has resolved to. A failure to connect asks for a new resolution in the background.
  std::vector<Endpoint> EndpointsOf(std::size_t address) const;
  void ResolveAgain(std::size_t address);

 private:
  struct Address {
    std::atomic<int> failures = 0;
    std::atomic<std::int64_t> out_until_ms = 0;  // steady; 0: in
    std::atomic<bool> resolving = false;
    mutable std::mutex mutex;
    std::vector<Endpoint> endpoints;
  };

  bool MayTry(Address& address);
  static std::vector<Endpoint> ResolveOne(const UpstreamOptions::Address& address);

  const UpstreamOptions options_;
  std::vector<std::unique_ptr<Address>> addresses_;
  std::atomic<std::size_t> turn_ = 0;
  std::mutex resolver_mutex_;
  std::unique_ptr<async::ThreadPool> resolver_;  // made when it is first needed
};

}  // namespace sallyport::net
