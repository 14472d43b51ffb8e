// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/version.h"

#include "sallyport/cli/command.h"

namespace sallyport::cli {

void AddVersion(CLI::App& root, Context& context) {
  AddCommand(root, context, "version", "Which version this is", "", [](Context& c) {
    auto output = c.output();
    if (c.json) output.Json(json::object{{"version", kVersion}});
    output.Line("sallyport " + std::string(kVersion));
    return kFine;
  });
}

}  // namespace sallyport::cli
