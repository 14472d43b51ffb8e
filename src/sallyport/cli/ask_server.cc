// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/ask_server.h"

#include <fmt/format.h>

#include "sallyport/admin/admin_client.h"
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

int Explain(Output& output, const json::object& error) {
  const auto problems = ProblemsOf(error);
  if (!problems.empty()) return output.Problems(problems, "the server goes on with the configuration that it has");
  return output.Error(kFailed, GetString(error, "code").value_or("failed"),
                      Printable(GetString(error, "message").value_or("The operation failed."), 1000),
                      Printable(GetString(error, "hint").value_or(""), 1000));
}

}  // namespace

int AskServer(Context& context, const std::string& named_socket, const std::string& operation,
              const std::function<void(Output&, const json::object&)>& print) {
  auto output = context.output();
  std::string socket = named_socket;
  if (socket.empty()) {
    // The server judges the rest of the file, with its own environment.
    const auto file = LocateConfigFile(context);
    if (const auto found = file.empty() ? std::nullopt : config::FindAdminSocket(file, config::ProcessEnvironment())) {
      socket = *found;
    } else {
      const auto loaded = LoadForCommand(context);
      if (!loaded) return output.Problems(loaded.error(), "the server was not asked");
      socket = (*loaded)->gateway.admin.socket_path;
    }
  }
  const auto answer = admin::CallServer(socket, operation, {});
  if (!answer) {
    return output.Error(kFailed, "no_server", fmt::format("No server answers at {}.", Printable(socket)),
                        "start it with `sallyport serve`, or name its control socket with --socket");
  }
  if (const auto* error = answer->if_contains("error"); error && error->is_object()) return Explain(output, error->get_object());
  const auto* result = answer->if_contains("result");
  if (!result || !result->is_object()) return output.Error(kFailed, "failed", "The server's answer is not understood.");
  if (context.json) {
    output.Json(*result);
  } else {
    print(output, result->get_object());
  }
  return kFine;
}

void AddServerOptions(CLI::App& command, Context& context, std::string& socket) {
  command.add_option("-c,--config", context.config_path, "The server's configuration file, to find its control socket by");
  command.add_option("--socket", socket, "The server's control socket");
}

}  // namespace sallyport::cli
