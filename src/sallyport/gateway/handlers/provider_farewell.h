// SPDX-License-Identifier: Apache-2.0
// What the end of sessions means for the identity providers that they began at.
#pragma once

#include <vector>

#include "sallyport/gateway/auth_request.h"

namespace sallyport::gateway {

// The tokens of those sessions that have some of a provider; to be read before the sessions end. Never an error.
Task<std::vector<json::object>> ReadProviderTokens(const Services& services, std::vector<model::SessionId> ids);

// Makes them void at their providers, in the background. For after the sessions have ended.
Coroutine<void> RevokeProviderTokens(const Services& services, std::vector<json::object> tokens);

}  // namespace sallyport::gateway
