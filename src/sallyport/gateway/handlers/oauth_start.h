// SPDX-License-Identifier: Apache-2.0
// Sends a browser to an identity provider: for POST /api/auth/signin/:provider and GET /api/auth/start/:provider.
#pragma once

#include "sallyport/gateway/auth_request.h"
#include "sallyport/signin/oauth/oauth_method.h"

namespace sallyport::gateway {

// A redirect in the client's style (wire_answer.h), with the transaction's cookie; or to where next-auth sends people when
// this does not work. `may_connect`: a signed-in person who comes back with an account that nobody has gets it added (next-auth's
// way of connecting accounts). Parameters for the provider are taken from the query of a POST (S34).
Task<Answer> StartOAuth(AuthRequest& request, signin::ProviderConnection& provider, session::SessionRef session, bool may_connect);

// Nothing but a page of our own origin connects accounts: more than the csrfToken alone would show.
bool MayConnect(const AuthRequest& request);

}  // namespace sallyport::gateway
