// SPDX-License-Identifier: Apache-2.0
// What the end of sessions means for the identity providers that they began at.
#pragma once

#include <vector>

#include "sallyport/gateway/auth_request.h"

namespace sallyport::gateway {

// Makes the tokens of ended sessions (session::EndedSessions) void at their providers, in the background. Those of a back end are
// passed over.
Coroutine<void> RevokeProviderTokens(const Services& services, std::vector<json::object> tokens);

}  // namespace sallyport::gateway
