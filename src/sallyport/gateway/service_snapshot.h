// SPDX-License-Identifier: Apache-2.0
// The services as one configuration wants them: what a reload replaces, on top of what lasts as long as the process.
//
// A snapshot is immutable. Whoever works with its services holds it: each worker's pipeline does, and so each exchange.
// What keeps state over a reload (limits that were used up, sessions, a refresh under way) belongs to the foundation.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sallyport/gateway/services.h"
#include "sallyport/signin/account_flows.h"
#include "sallyport/signin/backend_method.h"
#include "sallyport/signin/backend_tokens.h"
#include "sallyport/signin/email_method.h"
#include "sallyport/signin/oauth/oauth_method.h"
#include "sallyport/signin/password_method.h"
#include "sallyport/signin/session_access.h"
#include "sallyport/token/next_auth_csrf.h"

namespace sallyport::gateway {

// What lasts; outlives every snapshot.
struct ServiceFoundation {
  const Clock& clock;
  Random& random;
  async::WorkerSet& workers;
  const crypto::DerivedKeys& keys;
  store::Store& store;
  session::SessionService& sessions;
  AccessKeys& access_keys;
  identity::PasswordHasher& hasher;
  identity::Throttle& throttle;
  signin::MailSender& mail;
  net::HttpClient& http;
  signin::SessionAccess& session_access;
  signin::RefreshCounters& refreshes;
  signin::RefreshCounters& provider_refreshes;
};

class ServiceSnapshot {
 public:
  // `former` may be null; what its configuration and the new one agree on, and what has refreshes under way, is taken over.
  // Errors: those of signin::ProviderSet.
  static Result<std::shared_ptr<ServiceSnapshot>> Create(std::shared_ptr<const config::Config> config, const ServiceFoundation& foundation,
                                                         const ServiceSnapshot* former);
  ServiceSnapshot(const ServiceSnapshot&) = delete;
  ServiceSnapshot& operator=(const ServiceSnapshot&) = delete;

  const std::shared_ptr<const config::Config>& config() const { return config_; }
  Services& services() { return services_; }
  // Unlike any other snapshot's of the process; 1 for the first.
  std::uint32_t number() const { return number_; }

 private:
  ServiceSnapshot(std::shared_ptr<const config::Config> config, const ServiceFoundation& foundation, const ServiceSnapshot* former);
  Result<void> AddProviders(const ServiceFoundation& foundation, const ServiceSnapshot* former);

  const std::shared_ptr<const config::Config> config_;
  const std::uint32_t number_;
  const std::vector<std::string> own_origins_;
  const token::NextAuthCsrf next_auth_csrf_;
  std::optional<signin::PasswordMethod> password_;
  std::optional<signin::AccountFlows> accounts_;
  std::optional<signin::EmailMethod> email_;
  std::optional<signin::BackendMethod> backend_;
  std::shared_ptr<signin::BackendTokens> backend_tokens_;
  std::shared_ptr<signin::OAuthMethod> oauth_;
  Services services_;
};

}  // namespace sallyport::gateway
