// SPDX-License-Identifier: Apache-2.0
// Which sign-in mails this browser has asked for: kept by the browser itself in a sealed cookie that lives as long as they do.
// It is what makes a browser "the one that asked" (S54). Only the newest few are kept.
#pragma once

#include <string>
#include <vector>

#include "sallyport/gateway/auth_request.h"

namespace sallyport::gateway {

struct EmailAsk {
  std::string id;      // of the mail (identity::EmailSignIn)
  std::string email;
};

// Newest first; empty when the cookie is missing, expired or not ours.
std::vector<EmailAsk> EmailAsksOf(const AuthRequest& request);
std::vector<std::string> IdsOf(const std::vector<EmailAsk>& asks);
// Adds one to what the browser has.
void RememberEmailAsk(const AuthRequest& request, EmailAsk ask, Answer& answer);
// The mail has been used.
void ForgetEmailAsk(const AuthRequest& request, std::string_view id, Answer& answer);

}  // namespace sallyport::gateway
