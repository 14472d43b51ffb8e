// SPDX-License-Identifier: Apache-2.0
// Which settings cannot change while the process runs: what is open (addresses, the store), what everything was derived from
// (secrets, public_url), and what every session was made with.
#pragma once

#include <string>
#include <vector>

#include "sallyport/config/config.h"

namespace sallyport::gateway {

// The keys of such settings in which `wanted` differs from `running`; in `wanted` they are set back to what runs, so that the
// rest can be used.
std::vector<std::string> KeepWhatNeedsRestart(const config::Config& running, config::Config& wanted);

}  // namespace sallyport::gateway
