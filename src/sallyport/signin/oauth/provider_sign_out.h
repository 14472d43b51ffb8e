// SPDX-License-Identifier: Apache-2.0
// Signing out at the provider as well: its tokens made void (RFC 7009), the browser sent through its own sign-out (OpenID
// Connect RP-Initiated Logout 1.0). Both come after the session has ended here, and neither can hold that up.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sallyport/signin/oauth/provider_set.h"

namespace sallyport::signin {

// `tokens` as sessions keep them; those of providers that are not configured, or have no revocation endpoint, are passed over.
// One after the other, each request bounded in time; failures are logged. To be spawned.
Coroutine<void> RevokeTokens(std::shared_ptr<const ProviderSet> providers, std::vector<json::object> tokens);

// The provider's end_session_endpoint, or empty: it has none, cannot be reached, or the configuration does not want it.
Task<std::string> SignOutEndpoint(const ProviderSet& providers, std::string provider);

// Where the browser is sent to sign out there, from where it comes back to `return_to` with `state`. Empty as above.
Task<std::string> SignOutUrl(const ProviderSet& providers, json::object tokens, std::string return_to, std::string state);

}  // namespace sallyport::signin
