// SPDX-License-Identifier: Apache-2.0
// check-config --online: asks every configured identity provider.
#pragma once

#include <string>
#include <vector>

#include "sallyport/config/config.h"
#include "sallyport/config/load.h"

namespace sallyport::cli {

struct OnlineResult {
  std::vector<config::Problem> problems;   // what the configuration has wrong
  std::vector<std::string> unknown;        // sentences: what could not be asked
};
OnlineResult CheckProvidersOnline(const config::Config& config);

}  // namespace sallyport::cli
