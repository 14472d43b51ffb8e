// SPDX-License-Identifier: Apache-2.0
// From "this provider says that this is so-and-so" to a user of ours (S33); the rules are in store/account_resolution.h.
#pragma once

#include <optional>
#include <string>

#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"
#include "sallyport/store/store.h"

namespace sallyport::identity {

struct ProviderIdentity {
  std::string provider;                // its id in the configuration
  std::string issuer;                  // empty for plain OAuth 2.0
  std::string subject;                 // its id for the person, not empty
  bool oidc = false;
  std::optional<std::string> name, email, image;   // as the provider has them; an address that we would not take is left out
  bool email_verified = false;
};

// The user of the identity, found, linked or made; or why not (store::IsRefusal). `link_to`: the signed-in user who asked to
// connect it; empty: a sign-in. Announce `ended`. Errors: the store's.
Task<store::AccountResolution> ResolveIdentity(store::UserStore& users, ProviderIdentity identity, bool may_create, model::UserId link_to,
                                               const Clock& clock, Random& random);

}  // namespace sallyport::identity
