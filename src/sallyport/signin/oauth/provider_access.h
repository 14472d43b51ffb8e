// SPDX-License-Identifier: Apache-2.0
// The access token of the provider that a session began at, for `identity = "provider"`: refreshed in time (S35).
//
// How one redemption is made of many requests, and what trouble does: token_refresher.h. Refresh tokens are taken to rotate
// strictly. An ID token in the answer must be about the same person at the same issuer, else the session ends and the audit
// log says so; tokens that come with one that is not good otherwise are as good as lost. Thread-safe; what is passed to the constructor must outlive it.
#pragma once

#include "sallyport/signin/oauth/oauth_method.h"
#include "sallyport/signin/token_refresher.h"

namespace sallyport::signin {

class ProviderAccess final : private TokenIssuer {
 public:
  ProviderAccess(OAuthMethod& oauth, SessionAccess& sessions, store::AuditStore& audit, const Clock& clock);

  // TokenRefresher::Valid.
  Task<AccessToken> Valid(model::SessionId id) { return refresher_.Valid(std::move(id)); }
  const RefreshCounters& refreshes() const { return refreshes_; }

 private:
  bool Issued(const json::object& tokens) const override;
  bool CanRefresh(const json::object& tokens) const override;
  bool must_be_asked_once() const override { return true; }
  Errc unavailable() const override { return Errc::kProviderTrouble; }
  Task<json::object> Renew(json::object tokens) override;
  Task<void> CheckIdToken(ProviderConnection& provider, const json::object& former, oauth::TokenResponse& fresh);

  OAuthMethod& oauth_;
  store::AuditStore& audit_;
  const Clock& clock_;
  RefreshCounters refreshes_;
  TokenRefresher refresher_;
};

}  // namespace sallyport::signin
