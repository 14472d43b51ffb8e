// SPDX-License-Identifier: Apache-2.0
// Builds the person's own page from session and store; used by GET /account and by its forms when they are refused.
#pragma once

#include "sallyport/gateway/auth_request.h"
#include "sallyport/gateway/pages/page.h"

namespace sallyport::gateway {

// `page` may carry a form state, a notice and open_form already.
Task<Answer> AccountPageAnswer(AuthRequest& request, const session::Session& session, std::uint16_t status, AccountPage page);

// "Firefox on Windows", from a User-Agent; "Unknown device" when nothing is recognised.
std::string DescribeUserAgent(std::string_view user_agent);

}  // namespace sallyport::gateway
