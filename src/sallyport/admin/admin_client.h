// SPDX-License-Identifier: Apache-2.0
// Asks a running server to do an operation (admin_socket.h). Blocks.
#pragma once

#include <string>

#include "sallyport/base/json.h"
#include "sallyport/base/result.h"

namespace sallyport::admin {

// The server's answer as it is (outcome.h). An error: it could not be reached or did not answer, with a sentence.
Result<json::object> CallServer(const std::string& socket_path, const std::string& operation, const json::object& arguments);

}  // namespace sallyport::admin
