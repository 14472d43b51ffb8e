// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/model/ids.h"

namespace sallyport::model {

struct User {
  UserId id;
  std::optional<std::string> name;
  std::optional<std::string> email;          // canonical (S52), unique among users
  std::optional<Timestamp> email_verified;
  std::optional<std::string> image;
  std::vector<std::string> groups;           // sorted, unique; no commas or control characters
  bool disabled = false;
  Timestamp created_at{};

  bool operator==(const User&) const = default;
};

// How a user is known to a sign-in method: identity is (provider, provider_account_id), never the e-mail (S33).
struct Account {
  UserId user_id;
  std::string type;                  // "credentials" | "oauth" | "oidc", later "email" | "webauthn"
  std::string provider;              // "backend", or the provider's id in the configuration
  std::string provider_account_id;
  std::string issuer = {};           // who vouches for that id; empty: a plain OAuth 2.0 provider, or an imported row

  bool operator==(const Account&) const = default;
};

}  // namespace sallyport::model
