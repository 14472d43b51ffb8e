// SPDX-License-Identifier: Apache-2.0
// The cookies of sign-ins that are under way at a provider: one per state, so that several tabs work, and at most
// token::kMaxTransactions a browser (S30).
#pragma once

#include <string>

#include "sallyport/gateway/auth_request.h"
#include "sallyport/signin/oauth/authorization_start.h"

namespace sallyport::gateway {

// Sets the cookie of `started`, and deletes the oldest ones that would be too many.
void KeepTransaction(const AuthRequest& request, const signin::StartedSignIn& started, Answer& answer);
// The sealed transaction that belongs to `state`; empty when this browser has none.
std::string FindTransaction(const AuthRequest& request, std::string_view state);
void DropTransaction(const AuthRequest& request, std::string_view state, Answer& answer);

}  // namespace sallyport::gateway
