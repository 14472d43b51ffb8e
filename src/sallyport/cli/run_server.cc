// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/run_server.h"

#include <fmt/ranges.h>

#include "sallyport/admin/admin_socket.h"
#include "sallyport/admin/health_handler.h"
#include "sallyport/admin/process_operations.h"
#include "sallyport/async/worker_set.h"
#include "sallyport/base/log.h"
#include "sallyport/config/listen_address.h"
#include "sallyport/gateway/app.h"
#include "sallyport/gateway/reloader.h"
#include "sallyport/net/server.h"

namespace sallyport::cli {
namespace {

// The admin listener, when there is one: its own server on the same workers.
class HealthServer {
 public:
  HealthServer(gateway::App& app, const net::ListenAddress& listen) {
    const auto current = app.services();   // the workers, the store and the clock outlast every reload
    gateway::Services& services = *current;
    for (std::size_t i = 0; i < services.workers.size(); ++i) {
      handlers_.push_back(std::make_unique<admin::HealthHandler>(
          admin::HealthSources{[&app] { return app.ready(); }, [&app] { return app.upstreams_down(); }, &services.store,
                               [&app] { return app.Metrics(); }}, listen, services.clock));
    }
    net::ServerOptions options;
    options.listen = {listen};
    options.max_connections = 256;
    server_ = std::make_unique<net::Server>(
        options, services.workers, [this](std::size_t worker) -> net::ExchangeHandler& { return *handlers_[worker]; }, services.clock);
  }
  Result<void> Start() { return server_->Start(); }

 private:
  std::vector<std::unique_ptr<admin::HealthHandler>> handlers_;
  std::unique_ptr<net::Server> server_;
};

std::string SigninMethods(const config::Config& config) {
  std::vector<std::string_view> methods;
  if (config.signin.password.enabled) methods.emplace_back("password");
  if (config.signin.email_sign_in.enabled) methods.emplace_back("mail");
  if (config.signin.backend.enabled) methods.emplace_back("backend");
  return methods.empty() ? "none" : fmt::format("{}", fmt::join(methods, ", "));
}

void SaySummary(Output& output, const config::Config& config) {
  const auto& gateway = config.gateway;
  std::vector<std::string> listening;
  for (const auto& address : config.server.listen) listening.push_back(config::ToString(address));
  output.Note(fmt::format("\n  Sallyport is at {}\n", gateway.public_url.ToString()));
  output.Note(fmt::format("  listening  {}", fmt::join(listening, ", ")));
  output.Note(fmt::format("  store      {}   sessions: {}   sign-in: {}", config.sqlite_path,
                          config.session.strategy == session::Strategy::kJwt ? "jwt" : "database", SigninMethods(config)));
  for (const auto& route : gateway.routes) {
    const auto& upstream = gateway.upstreams[route.upstream];
    std::vector<std::string> addresses;
    for (const auto& address : upstream.net.addresses) {
      addresses.push_back(address.unix_path.empty() ? fmt::format("{}:{}", address.host, address.port) : "unix:" + address.unix_path);
    }
    output.Note(fmt::format("  {:<10} → {} ({})", route.path, upstream.net.name, fmt::join(addresses, ", ")));
  }
  if (!config.assumptions.empty()) output.Note("\n  Decided without being asked:");
  for (const auto& sentence : config.assumptions) output.Note("  - " + sentence);
  for (const auto& sentence : config.warnings) output.Note("  ! " + sentence);
  output.Note("");
}

int CannotStart(Output& output, const Error& error) {
  return output.Error(kFailed, "cannot_start", Printable(error.detail.empty() ? error.ToLogString() : error.detail, 1000));
}

}  // namespace

int RunServer(Context& context, std::shared_ptr<const config::Config> config, const std::string& file) {
  auto output = context.output();
  log::Configure(config->gateway.logs.diagnostic);
  auto app = gateway::App::Create(config);
  if (!app) return CannotStart(output, app.error());
  // Declared after the app, so that they go before it.
  std::unique_ptr<HealthServer> health;
  if (const auto& tcp = config->gateway.admin.tcp) health = std::make_unique<HealthServer>(**app, *tcp);
  gateway::Reloader reloader(**app, file, config::ProcessEnvironment());
  admin::AdminSources sources;
  sources.services = [&app] { return (*app)->services(); };
  sources.process_operations["reload"] = [&reloader](const std::string& caller) { return admin::ReloadConfiguration(reloader, caller); };
  auto control = admin::AdminSocket::Listen(config->gateway.admin.socket_path, std::move(sources));
  if (!control) return CannotStart(output, control.error());
  if (auto started = (*app)->Start(); !started) return CannotStart(output, started.error());
  if (health) {
    if (auto started = health->Start(); !started) return CannotStart(output, started.error());
  }
  SaySummary(output, *config);
  log::Info("started", {{"public_url", config->gateway.public_url.ToString()},
                        {"store", config->sqlite_path},
                        {"strategy", config->session.strategy == session::Strategy::kJwt ? "jwt" : "database"},
                        {"workers", config->workers},
                        {"upstreams", config->gateway.upstreams.size()}});
  (*app)->RunUntilSignal([&reloader] { reloader.Reload("SIGHUP"); });
  return kFine;
}

}  // namespace sallyport::cli
