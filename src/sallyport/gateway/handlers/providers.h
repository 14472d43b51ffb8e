// SPDX-License-Identifier: Apache-2.0
// The enabled sign-in methods as next-auth's clients see them: id, name, type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/gateway/services.h"

namespace sallyport::signin {
class ProviderConnection;
}

namespace sallyport::gateway {

// What handles a provider's requests; handlers/callback.cc dispatches by it.
enum class ProviderKind : std::uint8_t { kPassword, kBackend, kEmail, kIdentityProvider };

struct Provider {
  std::string id;
  std::string name;
  ProviderKind kind = ProviderKind::kPassword;
  bool alias = false;   // another id of one that is listed too: next-auth's clients look their id up, people see one form
  signin::ProviderConnection* connection = nullptr;   // kIdentityProvider
};
// What `compat` calls it: next-auth's v4 has no "oidc".
std::string_view TypeOf(const Services& services, const Provider& provider);
std::vector<Provider> ListProviders(const Services& services);
std::optional<Provider> FindProvider(const Services& services, std::string_view id);
// Sources for CSP's form-action: where a form that starts a sign-in may be sent on to (S16).
std::string FormActions(const Services& services);

}  // namespace sallyport::gateway
