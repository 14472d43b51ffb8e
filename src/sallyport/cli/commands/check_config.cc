// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "sallyport/cli/command.h"
#include "sallyport/cli/locate_config.h"
#include "sallyport/cli/online_check.h"

namespace sallyport::cli {
namespace {

int Check(Context& context, bool online) {
  auto output = context.output();
  const auto config = LoadForCommand(context);
  if (!config) return output.Problems(config.error());
  const auto& c = **config;
  OnlineResult asked;
  if (online) asked = CheckProvidersOnline(c);
  if (!asked.problems.empty()) {
    for (const auto& unknown : asked.unknown) output.Note("warning: " + unknown);
    return output.Problems(asked.problems);
  }
  if (context.json) {
    json::array warnings;
    for (const auto& warning : c.warnings) warnings.emplace_back(warning);
    for (const auto& unknown : asked.unknown) warnings.emplace_back(unknown);
    output.Json(json::object{{"ok", true}, {"configuration", c.source}, {"warnings", std::move(warnings)}});
    return asked.unknown.empty() ? kFine : kFailed;
  }
  for (const auto& unknown : asked.unknown) output.Line("warning: " + unknown);
  for (const auto& warning : c.warnings) output.Line("warning: " + warning);
  output.Line(fmt::format("{} is fine: {} upstream{}, {} route{}, {}.", c.source, c.gateway.upstreams.size(),
                          c.gateway.upstreams.size() == 1 ? "" : "s", c.gateway.routes.size(), c.gateway.routes.size() == 1 ? "" : "s",
                          c.gateway.public_url.ToString()));
  if (online && asked.unknown.empty()) output.Line(fmt::format("{} identity provider{} answered as expected.", c.signin.providers.size(), c.signin.providers.size() == 1 ? "" : "s"));
  return asked.unknown.empty() ? kFine : kFailed;
}

}  // namespace

void AddCheckConfig(CLI::App& root, Context& context) {
  const auto online = std::make_shared<bool>(false);
  auto* command = AddCommand(root, context, "check-config", "Say everything that is wrong with the configuration; start nothing",
                             "  sallyport check-config --online\n  sallyport check-config --config /etc/sallyport/sallyport.toml --json",
                             [online](Context& c) { return Check(c, *online); });
  command->add_flag("--online", *online, "Ask the identity providers too: issuer, endpoints, client secret");
  AddConfigOptions(*command, context);
}

}  // namespace sallyport::cli
