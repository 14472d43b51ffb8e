// SPDX-License-Identifier: Apache-2.0
// Any bytes as a configuration file: a configuration or problems, never a crash; and no problem quotes the environment.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sallyport/config/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr std::string_view kValue = "tOps3cret~V4lue";
  const auto environment = [](std::string_view name) -> std::optional<std::string> {
    if (name == "A") return std::string(kValue);
    if (name == "B") return std::string(40, 'b');
    return std::nullopt;
  };
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // secret_file would read whatever file the input names.
  if (text.find("secret_file") != std::string_view::npos || text.find("\\u") != std::string_view::npos) return 0;
  const auto result = sallyport::config::LoadText(text, "fuzz.toml", environment);
  if (result) {
    if ((*result)->secrets.empty() || (*result)->gateway.routes.empty()) std::abort();
    return 0;
  }
  if (result.error().empty()) std::abort();
  if (text.find(kValue) != std::string_view::npos) return 0;
  for (const auto& problem : result.error()) {
    if (problem.ToString().find(kValue) != std::string::npos) std::abort();
  }
  return 0;
}
