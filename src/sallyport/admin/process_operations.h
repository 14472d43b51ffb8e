// SPDX-License-Identifier: Apache-2.0
// What an operator can do to the running process itself (admin_socket.h): blocking, JSON out (outcome.h).
#pragma once

#include <string>

#include "sallyport/admin/outcome.h"
#include "sallyport/gateway/reloader.h"

namespace sallyport::admin {

// {"needs_restart": ["listen"], "warnings": ["…"]}, or "bad_configuration" with "problems": [{file, line, key, message, hint}].
json::object ReloadConfiguration(gateway::Reloader& reloader, const std::string& caller);

}  // namespace sallyport::admin
