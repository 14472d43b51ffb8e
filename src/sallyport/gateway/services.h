// SPDX-License-Identifier: Apache-2.0
// What app.cc has built, by reference: handed to handlers, the admin operations and the command line. Everything in it is
// thread-safe and outlives every exchange that began with it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sallyport/config/config.h"

namespace sallyport {
class Clock;
class Random;
namespace store { class Store; }
namespace session { class SessionService; }
namespace crypto { class DerivedKeys; }
namespace async { class WorkerSet; }
namespace identity { class PasswordHasher; class Throttle; }
namespace token { class NextAuthCsrf; }
namespace signin { class MailSender; class PasswordMethod; class BackendMethod; class BackendTokens; class AccountFlows; class EmailMethod; class OAuthMethod; }
}  // namespace sallyport

namespace sallyport::gateway {

class AccessKeys;

struct Services {
  const config::Config& config;
  std::uint32_t snapshot;                             // number of the configuration in this process (service_snapshot.h)
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
  const std::vector<std::string>& own_origins;         // public_url's and the aliases', as browsers write them
  const token::NextAuthCsrf& next_auth_csrf;
  signin::PasswordMethod* password = nullptr;         // null: not enabled
  signin::AccountFlows* accounts = nullptr;           // null: password is not enabled
  signin::EmailMethod* email = nullptr;               // null: not enabled
  signin::BackendMethod* backend = nullptr;           // null: not enabled
  signin::BackendTokens* backend_tokens = nullptr;  // with backend
  signin::OAuthMethod* oauth = nullptr;               // null: no provider is configured
};

}  // namespace sallyport::gateway
