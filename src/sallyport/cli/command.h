// SPDX-License-Identifier: Apache-2.0
// What every command shares, and the commands themselves: each Add… hangs one on the parser.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

#include "sallyport/cli/output.h"
#include "sallyport/cli/run_cli.h"

namespace sallyport::cli {

struct Context {
  Streams& streams;
  bool json = false;          // --json
  std::string config_path;    // --config; empty: looked for (locate_config.h)
  std::string state_dir;      // --state-dir: that of `dev`
  int exit_code = kFine;

  Output output() { return Output(streams, json); }
};

// A sub-command whose `run` returns the exit code. `examples` are shown by --help, one a line.
CLI::App* AddCommand(CLI::App& parent, Context& context, const std::string& name, const std::string& what, const std::string& examples,
                     std::function<int(Context&)> run);
// A group of commands: `user`, `session`…
CLI::App* AddGroup(CLI::App& parent, const std::string& name, const std::string& what, const std::string& examples);
// --config and --state-dir.
void AddConfigOptions(CLI::App& command, Context& context);

void AddServe(CLI::App& root, Context& context);        // commands/serve.cc
void AddDev(CLI::App& root, Context& context);          // commands/dev.cc
void AddCheckConfig(CLI::App& root, Context& context);  // commands/check_config.cc
void AddInit(CLI::App& root, Context& context);         // commands/init.cc
void AddProviders(CLI::App& root, Context& context);    // commands/providers.cc
void AddSecret(CLI::App& root, Context& context);       // commands/secret.cc
void AddUser(CLI::App& root, Context& context);         // commands/user.cc
void AddSession(CLI::App& root, Context& context);      // commands/session.cc
void AddKey(CLI::App& root, Context& context);          // commands/key.cc
void AddToken(CLI::App& root, Context& context);        // commands/token.cc
void AddAudit(CLI::App& root, Context& context);        // commands/audit.cc
void AddStatus(CLI::App& root, Context& context);       // commands/status.cc
void AddReload(CLI::App& root, Context& context);       // commands/reload.cc
void AddUpgrade(CLI::App& root, Context& context);      // commands/upgrade.cc
void AddCompletion(CLI::App& root, Context& context);   // commands/completion.cc
void AddManual(CLI::App& root, Context& context);       // commands/manual.cc
void AddVersion(CLI::App& root, Context& context);      // commands/version.cc

}  // namespace sallyport::cli
