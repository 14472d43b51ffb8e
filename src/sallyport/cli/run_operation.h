// SPDX-License-Identifier: Apache-2.0
// Does an operation (admin/operations.h) where it takes effect at once: through the control socket when a server holds the
// store, else on the store itself.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sallyport/base/json.h"
#include "sallyport/cli/command.h"
#include "sallyport/config/config.h"

namespace sallyport::cli {

// The answer as it is (admin/outcome.h); an error when neither way is open.
Result<json::object> AskOperation(const std::shared_ptr<const config::Config>& config, const std::string& operation,
                                  const json::object& arguments);

// Prints the error, or the result: as it is with --json, else by `print`. Returns the exit code.
int RunOperation(Context& context, const std::string& operation, json::object arguments,
                 const std::function<void(Output&, const json::object& result)>& print);

}  // namespace sallyport::cli
