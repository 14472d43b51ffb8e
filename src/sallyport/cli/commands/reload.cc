// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/ask_server.h"

namespace sallyport::cli {
namespace {

void Say(Output& output, const json::object& result) {
  output.Line("The new configuration is in use.");
  for (const auto& key : result.at("needs_restart").as_array()) output.Line("  needs a restart: " + Printable(key.as_string()));
  for (const auto& warning : result.at("warnings").as_array()) output.Note("  ! " + Printable(warning.as_string(), 1000));
}

}  // namespace

void AddReload(CLI::App& root, Context& context) {
  auto socket = std::make_shared<std::string>();
  auto* command = AddCommand(root, context, "reload", "Have the running server read its configuration again",
                             "  sallyport reload --config /etc/sallyport/sallyport.toml\n"
                             "No connection and no session is lost. A file with a problem is refused: the server keeps what it has.",
                             [socket](Context& c) { return AskServer(c, *socket, "reload", Say); });
  AddServerOptions(*command, context, *socket);
}

}  // namespace sallyport::cli
