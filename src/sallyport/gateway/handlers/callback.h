// SPDX-License-Identifier: Apache-2.0
// What answers at /api/auth/callback/:provider (and POST signin/:provider), by the provider's kind; each lives in the file named after it.
#pragma once

#include "sallyport/gateway/auth_request.h"
#include "sallyport/gateway/handlers/providers.h"

namespace sallyport::gateway {

Task<Answer> HandleCallbackCredentials(AuthRequest& request, Provider provider);   // callback_credentials.cc
Task<Answer> HandleProviderAnswer(AuthRequest& request, Provider provider);        // callback_provider.cc: GET and POST
Task<Answer> HandleEmailAsk(AuthRequest& request, Provider provider);              // email_signin.cc: POST signin/:provider
Task<Answer> HandleEmailLinkPage(AuthRequest& request, Provider provider);
Task<Answer> HandleEmailCallback(AuthRequest& request, Provider provider);

}  // namespace sallyport::gateway
