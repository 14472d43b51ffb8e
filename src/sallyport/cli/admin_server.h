// SPDX-License-Identifier: Apache-2.0
// The admin listener (/healthz, /readyz, /metrics): a server of its own on the gateway's workers.
#pragma once

#include <memory>
#include <vector>

#include "sallyport/admin/health_handler.h"
#include "sallyport/gateway/app.h"
#include "sallyport/net/server.h"

namespace sallyport::cli {

class AdminServer {
 public:
  // `app` outlives it.
  AdminServer(gateway::App& app, const net::ListenAddress& listen);
  Result<void> Start(net::InheritedListeners& inherited) { return server_->Start(inherited); }
  std::vector<int> listeners() const { return server_->listeners(); }
  // After another process has taken over. Blocks.
  void DrainAfterHandOver(Duration limit) { server_->DrainAfterHandOver(limit); }

 private:
  std::vector<std::unique_ptr<admin::HealthHandler>> handlers_;   // by worker
  std::unique_ptr<net::Server> server_;
};

}  // namespace sallyport::cli
