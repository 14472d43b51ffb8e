// SPDX-License-Identifier: Apache-2.0
// Whole bodies of type application/x-www-form-urlencoded (the gateway's own endpoints).
#pragma once

#include "sallyport/http/query.h"

namespace sallyport::http {

// True for application/x-www-form-urlencoded, with or without a charset (which must be utf-8).
bool IsUrlencodedForm(std::string_view content_type);

// As ParseQuery. Errors: kBadForm.
Result<Parameters> ParseForm(std::string_view body, ParameterLimits limits = {});

}  // namespace sallyport::http
