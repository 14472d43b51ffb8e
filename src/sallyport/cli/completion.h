// SPDX-License-Identifier: Apache-2.0
// Completion scripts for shells, made from the same tree as --help.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sallyport/cli/command_tree.h"

namespace sallyport::cli {

// `shell` is "bash", "zsh" or "fish"; anything else gives nothing. The scripts need no helper program.
std::optional<std::string> CompletionScript(const CommandEntry& root, std::string_view shell);

}  // namespace sallyport::cli
