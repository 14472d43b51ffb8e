// SPDX-License-Identifier: Apache-2.0
// Requests to the token endpoint (RFC 6749 §4.1.3, §6; RFC 7636 §4.5), without client authentication, which is added after.
#pragma once

#include <string_view>

#include "sallyport/oauth/form_parameters.h"

namespace sallyport::oauth {

// `redirect_uri` must be that of the authorization request, byte for byte.
FormParameters AuthorizationCodeGrant(std::string_view code, std::string_view redirect_uri, std::string_view code_verifier);
// Without `scope`: what was granted stays granted.
FormParameters RefreshTokenGrant(std::string_view refresh_token);

}  // namespace sallyport::oauth
