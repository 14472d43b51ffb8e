// SPDX-License-Identifier: Apache-2.0
// The way to a provider: the URL that the browser is sent to, and the sealed transaction that it keeps meanwhile (S12, S30).
#pragma once

#include <string>

#include "sallyport/oauth/form_parameters.h"
#include "sallyport/signin/oauth/provider_connection.h"
#include "sallyport/token/transaction.h"

namespace sallyport::signin {

struct StartRequest {
  std::string callback_url;            // where the person goes afterwards; judged (S15)
  oauth::FormParameters caller;        // of the person's client; what it may not set is left out (S34)
  model::UserId link_user;             // see token::Transaction
  model::SessionId link_session;
};

struct StartedSignIn {
  std::string url;
  std::string state;
  std::string transaction;             // sealed; the value of the cookie token::TransactionCookieName(prefix, state)
  bool cross_site_answer = false;      // form_post: the cookie must be SameSite=None
};

// State always; PKCE and nonce unless the provider is known to refuse them. The request is pushed (RFC 9126) where the
// provider offers that; when that fails and is not demanded, it goes by the browser. Errors: ProviderConnection::Metadata's,
// oauth::Errc::kUnsupported, kReservedParameter, and token_error.h's for a push that was demanded.
Task<StartedSignIn> StartAuthorization(ProviderConnection& provider, std::string redirect_uri, const token::TransactionSealer& sealer,
                                       Random& random, StartRequest request);

}  // namespace sallyport::signin
