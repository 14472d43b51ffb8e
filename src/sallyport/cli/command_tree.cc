// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/command_tree.h"

namespace sallyport::cli {
namespace {

constexpr std::string_view kExamplesHeading = "\nExamples:\n";

OptionEntry ReadOption(const CLI::Option& option) {
  OptionEntry entry;
  for (const std::string& name : option.get_snames()) entry.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) entry.names.push_back("--" + name);
  entry.positional = entry.names.empty();
  if (entry.positional) entry.names.push_back(option.get_name());
  if (option.get_items_expected_max() > 0) entry.value = option.get_type_name();
  entry.sentence = option.get_description();
  entry.default_value = option.get_default_str();
  entry.required = option.get_required();
  return entry;
}

CommandEntry Read(const CLI::App& app, std::vector<std::string> path) {
  CommandEntry entry;
  path.push_back(app.get_name());
  entry.path = std::move(path);
  entry.sentence = app.get_description();
  entry.examples = app.get_footer();
  if (entry.examples.starts_with(kExamplesHeading)) entry.examples.erase(0, kExamplesHeading.size());
  for (const CLI::Option* option : app.get_options({})) {
    if (!option->get_group().empty()) entry.options.push_back(ReadOption(*option));
  }
  for (const CLI::App* command : app.get_subcommands({})) {
    if (!command->get_group().empty()) entry.commands.push_back(Read(*command, entry.path));
  }
  return entry;
}

}  // namespace

std::string CommandEntry::name() const {
  std::string out;
  for (const std::string& part : path) out += (out.empty() ? "" : " ") + part;
  return out;
}

CommandEntry ReadCommandTree(const CLI::App& root) { return Read(root, {}); }

}  // namespace sallyport::cli
