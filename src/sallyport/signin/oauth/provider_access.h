// SPDX-License-Identifier: Apache-2.0
// The access token of the provider that a session began at, for `identity = "provider"`: refreshed in time (S35).
//
// How one redemption is made of many requests, and what trouble does: token_refresher.h. Refresh tokens are taken to rotate
// strictly. An ID token in the answer must be about the same person at the same issuer, else the session ends and the audit
// log says so; tokens that come with one that is not good otherwise are as good as lost. Thread-safe; what is passed to the
// constructor by reference must outlive it, and refreshes under way outlive it themselves.
#pragma once

#include <memory>

#include "sallyport/signin/oauth/provider_set.h"
#include "sallyport/signin/token_refresher.h"
#include "sallyport/store/audit_store.h"

namespace sallyport::signin {

class ProviderAccess {
 public:
  ProviderAccess(std::shared_ptr<const ProviderSet> providers, SessionAccess& sessions, store::AuditStore& audit, const Clock& clock,
                 RefreshCounters& counters);

  // TokenRefresher::Valid.
  Task<AccessToken> Valid(model::SessionId id);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sallyport::signin
