// SPDX-License-Identifier: Apache-2.0
// The admin listener: GET /healthz (the process answers), GET /readyz (it can serve: 200 or 503, with the code of what ails
// the store) and GET /metrics (Prometheus text). Everything else is a 404.
//
// Says nothing but its own state: no names of users, of the configuration the names of routes and upstreams. Requests for another Host than a loopback name or the
// listener's own address are a 421, so that a page in somebody's browser cannot read it (S28). One instance per worker.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/net/exchange.h"
#include "sallyport/net/options.h"
#include "sallyport/store/store.h"

namespace sallyport::admin {

struct HealthSources {
  std::function<bool()> ready;                                  // thread-safe
  std::function<std::vector<std::string>()> upstreams_down;     // thread-safe
  store::Store* store = nullptr;
  std::function<Coroutine<std::string>()> metrics; // on a worker
};

// Host as received; `listen` is the listener's address.
bool IsAdminHost(std::string_view host, const net::ListenAddress& listen);

class HealthHandler final : public net::ExchangeHandler {
 public:
  HealthHandler(HealthSources sources, net::ListenAddress listen, const Clock& clock)
      : sources_(std::move(sources)), listen_(std::move(listen)), clock_(clock) {}

  Coroutine<void> Handle(net::Exchange& exchange) override;
  std::string AnswerToUnreadable(const Error& error) override;

 private:
  // The code of what is wrong with the store; empty when it answers.
  Coroutine<std::string_view> StoreTrouble();

  const HealthSources sources_;
  const net::ListenAddress listen_;
  const Clock& clock_;
  SteadyTime checked_{};
  std::string store_trouble_;
};

}  // namespace sallyport::admin
