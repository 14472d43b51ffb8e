// SPDX-License-Identifier: Apache-2.0
// What an operation answers: one JSON object, the same over the socket and in the command's own process.
//
//   {"ok": true, "result": {…}}
//   {"ok": false, "error": {"code": "user_not_found", "message": "…", "hint": "…"}}
// Codes are stable. Messages are for the operator; they never hold a secret.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/error.h"
#include "sallyport/base/json.h"

namespace sallyport::admin {

json::object Done(json::object result);
json::object Refused(std::string_view code, std::string_view message, std::string_view hint = {});
// The code and sentence of a layer's error; what is not expected here is "failed" and names the code only.
json::object RefusedBy(const Error& error);

}  // namespace sallyport::admin
