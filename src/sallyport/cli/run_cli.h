// SPDX-License-Identifier: Apache-2.0
// The whole command line as a function: `sallyport user list --json` is RunCli({"user", "list", "--json"}, streams).
#pragma once

#include <string>
#include <vector>

#include "sallyport/cli/streams.h"

namespace sallyport::cli {

inline constexpr int kFine = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;   // usage or configuration error: nothing was done

int RunCli(std::vector<std::string> arguments, Streams streams);

}  // namespace sallyport::cli
