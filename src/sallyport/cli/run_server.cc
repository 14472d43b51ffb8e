// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/run_server.h"

#include <fmt/ranges.h>

#include <fstream>

#include "sallyport/base/log.h"
#include "sallyport/cli/server_process.h"
#include "sallyport/config/listen_address.h"

namespace sallyport::cli {
namespace {

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

// What this process was started with, for a successor: the name is looked for again, so that a newer binary is found.
std::vector<std::string> OwnCommand() {
  std::vector<std::string> command;
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  for (std::string word; std::getline(file, word, '\0');) command.push_back(std::move(word));
  return command;
}

int CannotStart(Output& output, const Error& error) {
  return output.Error(kFailed, "cannot_start", Printable(error.detail.empty() ? error.ToLogString() : error.detail, 1000));
}

}  // namespace

int RunServer(Context& context, std::shared_ptr<const config::Config> config, const std::string& file) {
  auto output = context.output();
  log::Configure(config->gateway.logs.diagnostic);
  ServerProcess server(config, file, OwnCommand());
  if (auto started = server.Start(); !started) return CannotStart(output, started.error());
  SaySummary(output, *config);
  log::Info(server.took_over() ? "took over" : "started", {{"public_url", config->gateway.public_url.ToString()},
                        {"store", config->sqlite_path},
                        {"strategy", config->session.strategy == session::Strategy::kJwt ? "jwt" : "database"},
                        {"workers", config->workers},
                        {"upstreams", config->gateway.upstreams.size()}});
  server.Run();
  return kFine;
}

}  // namespace sallyport::cli
