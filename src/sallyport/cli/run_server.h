// SPDX-License-Identifier: Apache-2.0
// `serve` and `dev` from a whole configuration on: start, say so, run until SIGTERM or SIGINT.
#pragma once

#include <memory>
#include <string>

#include "sallyport/cli/command.h"
#include "sallyport/config/config.h"

namespace sallyport::cli {

// `file` is what a reload reads; empty: there is none. Returns the exit code.
int RunServer(Context& context, std::shared_ptr<const config::Config> config, const std::string& file);

}  // namespace sallyport::cli
