// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/service_snapshot.h"

#include "sallyport/gateway/next_auth_csrf_keys.h"
#include "sallyport/gateway/own_origins.h"

namespace sallyport::gateway {

ServiceSnapshot::ServiceSnapshot(std::shared_ptr<const config::Config> config, const ServiceFoundation& f, const ServiceSnapshot* former)
    : config_(std::move(config)),
      number_(former ? former->number_ + 1 : 1),
      own_origins_(OwnOrigins(config_->gateway)),
      next_auth_csrf_(MakeNextAuthCsrf(config_->session, f.keys)),
      services_{*config_, number_, f.clock, f.random, f.workers, f.keys, f.store, f.sessions, f.access_keys, f.hasher, f.throttle, f.mail,
                own_origins_, next_auth_csrf_} {
  const signin::SigninOptions& signin = config_->signin;
  if (signin.password.enabled) {
    password_.emplace(f.store, f.hasher, f.throttle, f.clock);
    accounts_.emplace(signin::AccountFlows::Dependencies{signin.password, config_->gateway.pages.name, f.store, f.hasher, f.throttle, f.mail,
                                                         f.session_access, f.keys, f.clock, f.random});
    services_.password = &*password_;
    services_.accounts = &*accounts_;
  }
  if (signin.email_sign_in.enabled) {
    email_.emplace(signin::EmailMethod::Dependencies{signin.email_sign_in, f.store, f.throttle, f.mail, f.session_access, f.keys, f.clock, f.random});
    services_.email = &*email_;
  }
  if (signin.backend.enabled) {
    backend_.emplace(signin.backend, f.http, f.store, f.throttle, f.clock, f.random);
    // One refresh at a time for a session, also while two snapshots are in use (S35).
    const bool same = former && former->backend_tokens_ && former->config_->signin.backend == signin.backend;
    backend_tokens_ = same ? former->backend_tokens_
                           : std::make_shared<signin::BackendTokens>(signin.backend, f.http, f.session_access, f.clock, f.refreshes);
    services_.backend = &*backend_;
    services_.backend_tokens = backend_tokens_.get();
  }
}

// Providers that stay as they are keep what is known of them; when all do, refreshes under way are joined as before (S35).
Result<void> ServiceSnapshot::AddProviders(const ServiceFoundation& f, const ServiceSnapshot* former) {
  if (config_->signin.providers.empty()) return {};
  const bool same = former && former->oauth_ && former->config_->signin.providers == config_->signin.providers;
  if (same) {
    oauth_ = former->oauth_;
  } else {
    std::vector<signin::ProviderOptions> options;
    for (const signin::ProviderOptions& provider : config_->signin.providers) options.push_back(provider.Clone());
    const signin::ProviderSet* known = former && former->oauth_ ? former->oauth_->providers().get() : nullptr;
    SALLYPORT_TRY(auto providers, signin::ProviderSet::Create(std::move(options), f.http, f.clock, f.random, known));
    SALLYPORT_TRY(oauth_, signin::OAuthMethod::Create(std::move(providers), {config_->gateway.public_url.ToString() + "/api/auth/callback/", f.store,
                                                                             f.session_access, f.throttle, f.keys, f.clock, f.random, f.provider_refreshes}));
  }
  services_.oauth = oauth_.get();
  return {};
}

Result<std::shared_ptr<ServiceSnapshot>> ServiceSnapshot::Create(std::shared_ptr<const config::Config> config, const ServiceFoundation& foundation,
                                                                 const ServiceSnapshot* former) {
  auto snapshot = std::shared_ptr<ServiceSnapshot>(new ServiceSnapshot(std::move(config), foundation, former));
  SALLYPORT_CHECK(snapshot->AddProviders(foundation, former));
  return snapshot;
}

}  // namespace sallyport::gateway
