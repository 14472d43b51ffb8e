// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sallyport/cli/ask_server.h"

namespace sallyport::cli {
namespace {

void Say(Output& output, const json::object& result) {
  const auto number = [&](std::string_view name) { return GetInteger(result, name).value_or(0); };
  output.Line(fmt::format("Process {} has taken over from {}, which ends when its requests are answered.", number("pid"), number("former_pid")));
}

}  // namespace

void AddUpgrade(CLI::App& root, Context& context) {
  auto socket = std::make_shared<std::string>();
  auto* command = AddCommand(root, context, "upgrade", "Have the running server hand over to the binary that is installed now",
                             "  sallyport upgrade --config /etc/sallyport/sallyport.toml\n"
                             "No request is lost. When the new process cannot start, the old one goes on.",
                             [socket](Context& c) { return AskServer(c, *socket, "upgrade", Say); });
  AddServerOptions(*command, context, *socket);
}

}  // namespace sallyport::cli
