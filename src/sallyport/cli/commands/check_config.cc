// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sallyport/cli/command.h"
#include "sallyport/cli/locate_config.h"

namespace sallyport::cli {
namespace {

int Check(Context& context) {
  auto output = context.output();
  const auto config = LoadForCommand(context);
  if (!config) return output.Problems(config.error());
  const auto& c = **config;
  if (context.json) {
    json::array warnings;
    for (const auto& warning : c.warnings) warnings.emplace_back(warning);
    output.Json(json::object{{"ok", true}, {"configuration", c.source}, {"warnings", std::move(warnings)}});
    return kFine;
  }
  for (const auto& warning : c.warnings) output.Line("warning: " + warning);
  output.Line(fmt::format("{} is fine: {} upstream{}, {} route{}, {}.", c.source, c.gateway.upstreams.size(),
                          c.gateway.upstreams.size() == 1 ? "" : "s", c.gateway.routes.size(), c.gateway.routes.size() == 1 ? "" : "s",
                          c.gateway.public_url.ToString()));
  return kFine;
}

}  // namespace

void AddCheckConfig(CLI::App& root, Context& context) {
  auto* command = AddCommand(root, context, "check-config", "Say everything that is wrong with the configuration; start nothing",
                             "  sallyport check-config\n  sallyport check-config --config /etc/sallyport/sallyport.toml --json", Check);
  AddConfigOptions(*command, context);
}

}  // namespace sallyport::cli
