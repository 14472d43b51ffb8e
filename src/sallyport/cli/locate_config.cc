// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/locate_config.h"

#include <fmt/format.h>

#include <filesystem>

#include "sallyport/config/dev_config.h"
#include "sallyport/crypto/system_random.h"

namespace sallyport::cli {
namespace {

constexpr const char* kDevState = ".sallyport";

// Store, secret and socket are what matters here; the upstreams of that dev server are not known and not called.
config::LoadResult LoadDevState(const std::string& folder) {
  if (!std::filesystem::exists(folder + "/secret")) {
    return std::unexpected(std::vector{config::Problem{"", 0, "--state-dir", fmt::format("{}/ holds no state of `sallyport dev`", folder), "start `sallyport dev` first"}});
  }
  config::DevOptions options;
  options.web = "http://localhost:3000";
  options.state_dir = folder;
  crypto::SystemRandom random;
  return config::MakeDevConfig(options, random);
}

}  // namespace

std::string LocateConfigFile(const Context& context) {
  if (!context.config_path.empty()) return context.config_path;
  std::error_code error;
  if (std::filesystem::exists("sallyport.toml", error)) return "sallyport.toml";
  if (const auto named = config::ProcessEnvironment()("SALLYPORT_CONFIG"); named && !named->empty()) return *named;
  constexpr const char* kSystem = "/etc/sallyport/sallyport.toml";
  return std::filesystem::exists(kSystem, error) ? kSystem : "";
}

config::LoadResult LoadForCommand(const Context& context) {
  if (!context.state_dir.empty()) return LoadDevState(context.state_dir);
  const auto file = LocateConfigFile(context);
  if (!file.empty()) return config::LoadFile(file, config::ProcessEnvironment());
  if (std::filesystem::exists(kDevState)) return LoadDevState(kDevState);
  return std::unexpected(std::vector{config::Problem{"", 0, "", "there is no sallyport.toml here, and no state of `sallyport dev`",
                                                     "name one with --config FILE, or write one with `sallyport init`"}});
}

}  // namespace sallyport::cli
