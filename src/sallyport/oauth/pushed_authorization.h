// SPDX-License-Identifier: Apache-2.0
// Pushed authorization requests (RFC 9126): the request goes to the provider directly, the browser carries only a reference.
// The request's form is ToParameters plus client authentication.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/result.h"
#include "sallyport/oauth/form_parameters.h"

namespace sallyport::oauth {

struct PushedAuthorization {
  std::string request_uri;
  std::int64_t expires_in = 0;  // seconds, > 0
};

// 201 with JSON {request_uri, expires_in}. Errors: kMalformed and those of token_error.h.
Result<PushedAuthorization> ReadPushedAuthorization(long status, std::string_view content_type, std::string_view body);

// What the browser is sent to with it (RFC 9126 §4).
std::string PushedAuthorizationUrl(std::string_view endpoint, std::string_view client_id, const PushedAuthorization& pushed);

}  // namespace sallyport::oauth
