// SPDX-License-Identifier: Apache-2.0
// Which configuration a command works with.
#pragma once

#include "sallyport/cli/command.h"
#include "sallyport/config/load.h"

namespace sallyport::cli {

// --config, else ./sallyport.toml, else $SALLYPORT_CONFIG, else /etc/sallyport/sallyport.toml; empty when there is none.
std::string LocateConfigFile(const Context& context);

// The file, or the state of `sallyport dev` (--state-dir; ./.sallyport/ when there is no file).
config::LoadResult LoadForCommand(const Context& context);

}  // namespace sallyport::cli
