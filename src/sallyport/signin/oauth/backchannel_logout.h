// SPDX-License-Identifier: Apache-2.0
// OpenID Connect Back-Channel Logout 1.0 (S36): a provider says that somebody has signed out there.
//
// The token is verified (oauth/logout_token.h) and counts once: its jti is remembered in the store for as long as it lives. The
// sessions of that person, or of that session of theirs, which began at this provider and issuer end on every worker, and what
// is open of them (WebSockets, streams) is cut before the answer. Thread-safe; call it on a worker.
#pragma once

#include "sallyport/signin/oauth/provider_connection.h"
#include "sallyport/signin/session_access.h"
#include "sallyport/signin/signed_in.h"
#include "sallyport/store/store.h"

namespace sallyport::signin {

struct BackchannelLogout {
  store::Store& store;
  SessionAccess& sessions;
  const Clock& clock;
};

// How many sessions have ended; none is right too: they may have ended before. Errors: those of oauth::VerifyLogoutToken,
// oauth::Errc::kInvalidGrant for one that was used before, kWrongSubject for one whose sid is that of another sub's session
// (§2.6; nothing has ended): 400. Errc::kProviderTrouble and the store's: nothing was decided,
// the provider may try again.
Task<std::size_t> EndByLogoutToken(BackchannelLogout context, ProviderConnection& provider, std::string logout_token, RequestFacts facts);

}  // namespace sallyport::signin
