// SPDX-License-Identifier: Apache-2.0
// What operations on the running process itself answer (outcome.h).
#pragma once

#include "sallyport/admin/outcome.h"
#include "sallyport/gateway/reloader.h"

namespace sallyport::admin {

// {"needs_restart": ["listen"], "warnings": ["…"]}, or "bad_configuration" with "problems": [{file, line, key, message, hint}].
json::object ReloadAnswer(const gateway::ReloadReport& report);

}  // namespace sallyport::admin
