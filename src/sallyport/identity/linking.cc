// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/linking.h"

#include "sallyport/identity/email_address.h"

namespace sallyport::identity {

Task<store::AccountResolution> ResolveIdentity(store::UserStore& users, ProviderIdentity identity, bool may_create, model::UserId link_to,
                                               const Clock& clock, Random& random) {
  store::ResolveAccountCommand command;
  command.account.type = identity.oidc ? "oidc" : "oauth";
  command.account.provider = std::move(identity.provider);
  command.account.provider_account_id = std::move(identity.subject);
  command.account.issuer = std::move(identity.issuer);
  command.now = clock.Now();
  command.may_create = may_create;
  command.link_to = std::move(link_to);

  model::User& user = command.candidate;
  user.id = random.UuidV4();
  user.name = std::move(identity.name);
  user.image = std::move(identity.image);
  user.created_at = command.now;
  if (identity.email) user.email = CanonicalEmail(*identity.email);
  command.email_vouched = user.email && identity.email_verified;
  if (command.email_vouched) user.email_verified = command.now;
  co_return co_await users.ResolveAccount(std::move(command));
}

}  // namespace sallyport::identity
