// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/command.h"
#include "sallyport/cli/locate_config.h"
#include "sallyport/cli/run_server.h"

namespace sallyport::cli {
namespace {

int Serve(Context& context) {
  auto output = context.output();
  const auto file = LocateConfigFile(context);
  if (file.empty()) {
    return output.Error(kUsage, "no_configuration", "There is no configuration.",
                        "name one with --config FILE, write one with `sallyport init`, or try `sallyport dev`, which needs none");
  }
  auto config = config::LoadFile(file, config::ProcessEnvironment());
  if (!config) return output.Problems(config.error());
  return RunServer(context, *std::move(config), file);
}

}  // namespace

void AddServe(CLI::App& root, Context& context) {
  auto* command = AddCommand(root, context, "serve", "Run the gateway",
                             "  sallyport serve --config /etc/sallyport/sallyport.toml\n"
                             "SIGTERM ends it after the requests in flight; a second one ends it at once. SIGHUP: as `sallyport reload`. SIGUSR2: as `sallyport upgrade`.",
                             Serve);
  command->add_option("-c,--config", context.config_path,
                      "Configuration file (else ./sallyport.toml, $SALLYPORT_CONFIG, /etc/sallyport/sallyport.toml)");
}

}  // namespace sallyport::cli
