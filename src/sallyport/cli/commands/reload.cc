// SPDX-License-Identifier: Apache-2.0
#include <fmt/ranges.h>

#include "sallyport/admin/admin_client.h"
#include "sallyport/cli/command.h"
#include "sallyport/cli/locate_config.h"

namespace sallyport::cli {
namespace {

std::vector<config::Problem> ProblemsOf(const json::object& error) {
  std::vector<config::Problem> problems;
  const auto* list = error.if_contains("problems");
  if (!list || !list->is_array()) return problems;
  for (const auto& item : list->get_array()) {
    if (!item.is_object()) continue;
    const auto& object = item.get_object();
    const auto text = [&](std::string_view name) { return std::string(GetString(object, name).value_or("")); };
    problems.push_back({text("file"), static_cast<int>(GetInteger(object, "line").value_or(0)), text("key"), text("message"), text("hint")});
  }
  return problems;
}

int Report(Output& output, const json::object& answer) {
  if (const auto* error = answer.if_contains("error"); error && error->is_object()) {
    const auto problems = ProblemsOf(error->get_object());
    if (!problems.empty()) return output.Problems(problems, "the server goes on with the configuration that it has");
    return output.Error(kFailed, GetString(error->get_object(), "code").value_or("failed"),
                        Printable(GetString(error->get_object(), "message").value_or("The reload failed.")),
                        GetString(error->get_object(), "hint").value_or(""));
  }
  const auto* result = answer.if_contains("result");
  if (!result || !result->is_object()) return output.Error(kFailed, "failed", "The server's answer is not understood.");
  if (output.json()) {
    output.Json(*result);
    return kFine;
  }
  output.Line("The new configuration is in use.");
  for (const auto& key : result->at("needs_restart").as_array()) output.Line("  needs a restart: " + Printable(key.as_string()));
  for (const auto& warning : result->at("warnings").as_array()) output.Note("  ! " + Printable(warning.as_string(), 1000));
  return kFine;
}

// The socket of the server is what the file is read for: the server judges the rest, with its own environment.
int Reload(Context& context, const std::string& named_socket) {
  auto output = context.output();
  std::string socket = named_socket;
  if (socket.empty()) {
    const auto file = LocateConfigFile(context);
    const auto found = file.empty() ? std::nullopt : config::FindAdminSocket(file, config::ProcessEnvironment());
    if (!found) {
      const auto loaded = LoadForCommand(context);
      if (!loaded) return output.Problems(loaded.error(), "the server was not asked");
      socket = (*loaded)->gateway.admin.socket_path;
    } else {
      socket = *found;
    }
  }
  const auto answer = admin::CallServer(socket, "reload", {});
  if (!answer) {
    return output.Error(kFailed, "no_server", fmt::format("No server answers at {}.", Printable(socket)),
                        "start it with `sallyport serve`, or name its control socket with --socket");
  }
  return Report(output, *answer);
}

}  // namespace

void AddReload(CLI::App& root, Context& context) {
  auto socket = std::make_shared<std::string>();
  auto* command = AddCommand(root, context, "reload", "Have the running server read its configuration again",
                             "  sallyport reload --config /etc/sallyport/sallyport.toml\n"
                             "No connection and no session is lost. A file with a problem is refused: the server keeps what it has.",
                             [socket](Context& c) { return Reload(c, *socket); });
  command->add_option("-c,--config", context.config_path, "The server's configuration file, to find its control socket by");
  command->add_option("--socket", *socket, "The server's control socket");
}

}  // namespace sallyport::cli
