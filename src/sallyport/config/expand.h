// SPDX-License-Identifier: Apache-2.0
// ${NAME} in one string value. "$${" is a literal "${"; a "$" elsewhere is itself. Expanded text is not expanded again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sallyport/config/load.h"

namespace sallyport::config {

struct Expanded {
  std::string text;
  std::vector<std::string> missing;   // variables that the environment does not have; each expands to nothing
  bool malformed = false;             // "${" without a name (letters, digits, _) and "}"
};

Expanded ExpandVariables(std::string_view text, const Environment& environment);

}  // namespace sallyport::config
