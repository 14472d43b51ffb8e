// SPDX-License-Identifier: Apache-2.0
// The commands and options of the parser as plain values: what --help shows, for manual pages and shell completion.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace sallyport::cli {

struct OptionEntry {
  std::vector<std::string> names;   // "-c", "--config"; a positional has one without dashes
  std::string value;                // "TEXT"; empty for a flag
  std::string sentence;
  std::string default_value;
  bool required = false;
  bool positional = false;
};

struct CommandEntry {
  std::vector<std::string> path;    // {"sallyport", "user", "add"}
  std::string sentence;
  std::vector<OptionEntry> options;
  std::string examples;             // as --help shows them, without the heading
  std::vector<CommandEntry> commands;

  std::string name() const;         // "sallyport user add"
};

// Hidden options and commands are left out.
CommandEntry ReadCommandTree(const CLI::App& root);

}  // namespace sallyport::cli
