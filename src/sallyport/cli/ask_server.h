// SPDX-License-Identifier: Apache-2.0
// Asks the running server for an operation on its own process. Its control socket is found by the configuration file, even by
// one with problems, or named.
#pragma once

#include <functional>
#include <string>

#include "sallyport/cli/command.h"

namespace sallyport::cli {

// Prints what went wrong, or calls `print` with the result (JSON is printed here). Returns the exit code; kUsage when the server
// says that its configuration has problems.
int AskServer(Context& context, const std::string& socket, const std::string& operation,
              const std::function<void(Output&, const json::object& result)>& print);

// --config and --socket.
void AddServerOptions(CLI::App& command, Context& context, std::string& socket);

}  // namespace sallyport::cli
