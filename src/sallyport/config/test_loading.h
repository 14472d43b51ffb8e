// SPDX-License-Identifier: Apache-2.0
// For the tests of this folder: a file from a string, with an environment from a map.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/config/load.h"

namespace sallyport::config::test {

using Variables = std::map<std::string, std::string, std::less<>>;

inline constexpr std::string_view kMinimal = R"(public_url = "http://localhost:8080"
secret = "0123456789abcdef0123456789abcdef"
[upstream.api]
url = "http://127.0.0.1:4000"
[[route]]
path = "/*"
upstream = "api"
)";

inline LoadResult Load(std::string_view toml, Variables variables = {}) {
  return LoadText(toml, "sallyport.toml", [variables](std::string_view name) -> std::optional<std::string> {
    const auto it = variables.find(name);
    return it == variables.end() ? std::nullopt : std::optional(it->second);
  });
}

inline std::vector<std::string> Problems(std::string_view toml, Variables variables = {}) {
  std::vector<std::string> out;
  const auto result = Load(toml, std::move(variables));
  if (result) return out;
  for (const auto& problem : result.error()) out.push_back(problem.ToString());
  return out;
}

// The minimal file with more at the top and at the end.
inline std::vector<std::string> ProblemsWith(std::string_view top, std::string_view end, Variables variables = {}) {
  auto problems = Problems(std::string(top) + "\n" + std::string(kMinimal) + std::string(end), std::move(variables));
  for (auto& problem : problems) {
    const auto colon = problem.find(": ");
    problem = colon == std::string::npos ? problem : problem.substr(colon + 2);  // without file and line
  }
  return problems;
}

}  // namespace sallyport::config::test
