// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/upstream_health.h"

#include "sallyport/base/log.h"
#include "sallyport/net/upstream_pool.h"

namespace sallyport::net {
namespace {

std::int64_t SteadyMillis() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string Describe(const UpstreamOptions::Address& address) {
  return address.unix_path.empty() ? address.host + ":" + std::to_string(address.port) : "unix:" + address.unix_path;
}

}  // namespace

UpstreamHealth::UpstreamHealth(const UpstreamOptions& options) : options_(options) {
  for (const auto& address : options_.addresses) {
    addresses_.push_back(std::make_unique<Address>());
    addresses_.back()->endpoints = ResolveOne(address);
    if (addresses_.back()->endpoints.empty()) {
      log::Warn("an upstream's address does not resolve", {{"upstream", options_.name}, {"address", Describe(address)}});
    }
  }
}

std::vector<Endpoint> UpstreamHealth::ResolveOne(const UpstreamOptions::Address& address) {
  if (address.unix_path.empty()) return Endpoint::Resolve(address.host, address.port);
  if (const auto endpoint = Endpoint::FromUnixPath(address.unix_path)) return {*endpoint};
  return {};
}

std::size_t UpstreamHealth::Choose(std::uint64_t tried) {
  if (size() == 1) return (tried & 1) != 0 ? kNone : 0;
  const std::size_t first = turn_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t i = 0; i < size(); ++i) {
    const std::size_t address = (first + i) % size();
    if (address < 64 && (tried >> address & 1) != 0) continue;
    if (MayTry(*addresses_[address])) return address;
  }
  return kNone;
}

bool UpstreamHealth::MayTry(Address& address) {
  std::int64_t until = address.out_until_ms.load(std::memory_order_relaxed);
  if (until == 0) return true;
  const std::int64_t now = SteadyMillis();
  // Whoever moves the time on is the probe; the others wait for its outcome.
  return until <= now && address.out_until_ms.compare_exchange_strong(until, now + options_.out_for.count());
}

bool UpstreamHealth::IsHealthy(std::size_t address) const {
  return addresses_[address]->out_until_ms.load(std::memory_order_relaxed) == 0;
}

bool UpstreamHealth::AnyHealthy() const {
  for (std::size_t i = 0; i < size(); ++i)
    if (IsHealthy(i)) return true;
  return false;
}

void UpstreamHealth::Succeeded(std::size_t index) {
  Address& address = *addresses_[index];
  if (address.failures.load(std::memory_order_relaxed) == 0) return;
  address.failures = 0;
  if (address.out_until_ms.exchange(0) != 0) {
    log::Info("an upstream's address is back", {{"upstream", options_.name}, {"address", Describe(options_.addresses[index])}});
  }
}

void UpstreamHealth::Failed(std::size_t index) {
  Address& address = *addresses_[index];
  if (++address.failures < options_.failures_until_out) return;
  if (address.out_until_ms.exchange(SteadyMillis() + options_.out_for.count()) == 0) {
    log::Warn("an upstream's address is out", {{"upstream", options_.name}, {"address", Describe(options_.addresses[index])}});
  }
}

std::vector<Endpoint> UpstreamHealth::EndpointsOf(std::size_t address) const {
  const std::lock_guard lock(addresses_[address]->mutex);
  return addresses_[address]->endpoints;
}

void UpstreamHealth::ResolveAgain(std::size_t index) {
  const auto& configured = options_.addresses[index];
  if (!configured.unix_path.empty() || Endpoint::FromLiteral(configured.host, 0)) return;
  if (addresses_[index]->resolving.exchange(true)) return;
  const std::lock_guard lock(resolver_mutex_);
  if (!resolver_) resolver_ = std::make_unique<async::ThreadPool>(async::ThreadPoolOptions{.name = "sp-resolver"});
  // The pool is a member: it has stopped before anything that this uses goes.
  resolver_->TryPost([this, index] {
    auto endpoints = ResolveOne(options_.addresses[index]);
    Address& address = *addresses_[index];
    if (!endpoints.empty()) {
      const std::lock_guard replace(address.mutex);
      address.endpoints = std::move(endpoints);
    }
    address.resolving = false;
  });
}

std::shared_ptr<UpstreamHealth> MakeUpstreamHealth(const UpstreamOptions& options) {
  return std::make_shared<UpstreamHealth>(options);
}

}  // namespace sallyport::net
