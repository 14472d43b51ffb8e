// SPDX-License-Identifier: Apache-2.0
// Manual pages (man(7) macros), made from what --help shows and from the table of settings.
#pragma once

#include <map>
#include <string>

#include "sallyport/cli/command_tree.h"

namespace sallyport::cli {

// File name → page: sallyport.1, one sallyport-COMMAND.1 for each command of the root, sallyport.toml.5.
std::map<std::string, std::string> ManualPages(const CommandEntry& root);

}  // namespace sallyport::cli
