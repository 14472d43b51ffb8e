// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/admin_server.h"

#include "sallyport/async/worker_set.h"

namespace sallyport::cli {
namespace {

constexpr std::size_t kMaxConnections = 256;

}  // namespace

AdminServer::AdminServer(gateway::App& app, const net::ListenAddress& listen) {
  const auto current = app.services();
  gateway::Services& services = *current;   // its workers, store and clock outlast every reload
  for (std::size_t i = 0; i < services.workers.size(); ++i) {
    admin::HealthSources sources{[&app] { return app.ready(); }, [&app] { return app.upstreams_down(); }, &services.store,
                                 [&app] { return app.Metrics(); }};
    handlers_.push_back(std::make_unique<admin::HealthHandler>(std::move(sources), listen, services.clock));
  }
  net::ServerOptions options;
  options.listen = {listen};
  options.max_connections = kMaxConnections;
  server_ = std::make_unique<net::Server>(
      options, services.workers, [this](std::size_t worker) -> net::ExchangeHandler& { return *handlers_[worker]; }, services.clock);
}

}  // namespace sallyport::cli
