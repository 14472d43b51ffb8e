// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <fmt/format.h>

#include "sallyport/cli/command.h"
#include "sallyport/cli/run_operation.h"

namespace sallyport::cli {

void AddStatus(CLI::App& root, Context& context) {
  auto* command = AddCommand(root, context, "status", "Whether a server runs on this configuration's store", "  sallyport status --json", [](Context& c) {
    return RunOperation(c, "status", {}, [](Output& output, const json::object& result) {
      const auto text = [&](std::string_view name) { return Printable(GetString(result, name).value_or("")); };
      const auto pid = result.at("pid").to_number<std::int64_t>();
      output.Line(pid == ::getpid() ? "No server is running on " + text("store") + "."
                                    : fmt::format("A server is running (process {}): {}", pid, text("public_url")));
      const auto store = result.at("store_ok").as_bool() ? std::string("fine") : fmt::format("NOT ANSWERING ({})", text("store_error"));
      output.Line(fmt::format("store {}, sessions \"{}\", {} worker(s)", store, text("strategy"), result.at("workers").to_number<int>()));
    });
  });
  AddConfigOptions(*command, context);
}

}  // namespace sallyport::cli
