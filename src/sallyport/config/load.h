// SPDX-License-Identifier: Apache-2.0
// TOML file + environment → Config, or every problem at once.
//
// ${NAME} is expanded in string values after parsing (a missing variable is a problem, "$${" is a literal "${"). Unknown
// keys are problems, with the nearest known key as a hint. Pure but for reading the file, secret_file and the environment
// given. Nothing is started or changed.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/config/config.h"

namespace sallyport::config {

struct Problem {
  std::string file;
  int line = 0;          // 0: not of one line
  std::string key;       // "route[2].upstream"
  std::string message;   // what is wrong
  std::string hint;      // how to mend it; may be empty

  // "sallyport.toml:12: route[2].upstream: no upstream is called 'apo'. Did you mean 'api'?"
  std::string ToString() const;
};

using Environment = std::function<std::optional<std::string>(std::string_view name)>;
Environment ProcessEnvironment();

// The caller's own until it shares it, as shared_ptr<const Config>.
using LoadResult = std::expected<std::shared_ptr<Config>, std::vector<Problem>>;

LoadResult LoadFile(const std::string& path, const Environment& environment);
// Where the control socket of a server with this file is, though the file may have problems: from `admin_socket` and `store`
// alone. nullopt when it is no TOML.
std::optional<std::string> FindAdminSocket(const std::string& path, const Environment& environment);
LoadResult LoadText(std::string_view toml, const std::string& file_name, const Environment& environment);

}  // namespace sallyport::config
