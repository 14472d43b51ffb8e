// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/run_cli.h"

#include <algorithm>

#include "sallyport/cli/command.h"
#include "sallyport/base/version.h"

namespace sallyport::cli {
namespace {

constexpr const char* kAbout =
    "Sallyport: the gate in front of a web application. It signs people in, keeps every token off the browser, checks each\n"
    "request, and hands the servers behind it an identity that they can verify.";
constexpr const char* kRootExamples =
    "  sallyport dev --web http://localhost:3000 --api http://localhost:4000    # no file needed\n"
    "  sallyport init && sallyport check-config && sallyport serve              # the real thing\n"
    "  sallyport user add --email ada@example.com --name Ada\n"
    "  sallyport session revoke --user ada@example.com                          # signed out everywhere, at once";

void SetFooter(CLI::App& command, const std::string& examples) {
  if (!examples.empty()) command.footer("\nExamples:\n" + examples + "\n");
}

}  // namespace

CLI::App* AddCommand(CLI::App& parent, Context& context, const std::string& name, const std::string& what, const std::string& examples,
                     std::function<int(Context&)> run) {
  auto* command = parent.add_subcommand(name, what);
  command->add_flag("--json", context.json, "Print JSON, errors too");
  SetFooter(*command, examples);
  command->callback([&context, run = std::move(run)] { context.exit_code = run(context); });
  return command;
}

CLI::App* AddGroup(CLI::App& parent, const std::string& name, const std::string& what, const std::string& examples) {
  auto* group = parent.add_subcommand(name, what);
  group->require_subcommand(1);
  SetFooter(*group, examples);
  return group;
}

void AddConfigOptions(CLI::App& command, Context& context) {
  auto* config = command.add_option("-c,--config", context.config_path,
                                    "Configuration file (else ./sallyport.toml, $SALLYPORT_CONFIG, /etc/sallyport/sallyport.toml)");
  command.add_option("--state-dir", context.state_dir, "Work on the state of `sallyport dev` in this folder")->excludes(config);
}

int RunCli(std::vector<std::string> arguments, Streams streams) {
  Context context{streams};
  // Before parsing: an error of usage is JSON as well.
  context.json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  CLI::App root(kAbout, "sallyport");
  root.require_subcommand(1);
  root.add_flag("--json", context.json, "Print JSON, errors too");
  SetFooter(root, kRootExamples);
  for (const auto add : {AddDev, AddInit, AddCheckConfig, AddServe, AddProviders, AddSecret, AddUser, AddSession, AddKey, AddToken, AddAudit, AddStatus,
                         AddReload, AddUpgrade, AddCompletion, AddManual, AddVersion}) {
    add(root, context);
  }
  root.set_version_flag("--version", std::string(kVersion));
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    root.parse(arguments);
  } catch (const CLI::Success& asked) {
    return root.exit(asked, streams.out, streams.err);
  } catch (const CLI::ParseError& error) {
    return context.output().Error(kUsage, "usage", error.what(), "`sallyport --help`, or --help after a command, shows how");
  }
  return context.exit_code;
}

}  // namespace sallyport::cli
