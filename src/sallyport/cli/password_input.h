// SPDX-License-Identifier: Apache-2.0
// A password from standard input, or asked for on the terminal without echo. Never from an argument: those are in `ps`.
#pragma once

#include <optional>
#include <string>

#include "sallyport/base/secret.h"
#include "sallyport/cli/streams.h"

namespace sallyport::cli {

// --password-stdin: the first line. Without it: asked for twice; nullopt when there is no terminal, or the two differ (then
// `why` says so).
std::optional<Secret> ReadPassword(Streams& streams, bool from_stdin, std::string& why);

}  // namespace sallyport::cli
