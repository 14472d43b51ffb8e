// SPDX-License-Identifier: Apache-2.0
// Token revocation (RFC 7009), without client authentication, which is added after.
#pragma once

#include <string_view>

#include "sallyport/base/result.h"
#include "sallyport/oauth/form_parameters.h"

namespace sallyport::oauth {

// `hint`: "access_token" or "refresh_token".
FormParameters RevocationForm(std::string_view token, std::string_view hint);
// Any 2xx is success, also for tokens that the provider does not know (§2.2). Errors of token_error.h.
Result<void> ReadRevocationAnswer(long status, std::string_view content_type, std::string_view body);

}  // namespace sallyport::oauth
