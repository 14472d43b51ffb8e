// SPDX-License-Identifier: Apache-2.0
// Microsoft Entra ID names itself by the tenant's UUID, whatever name of the tenant it was asked by; and where everybody
// may sign in, by a template, in whose place ID tokens have the UUID of the person's own tenant (oauth/issuer.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::signin {

// What discovery below `issuer` ("…/TENANT/v2.0") announces: "…/{tenantid}/v2.0" for the tenants "common" and
// "organizations", a UUID for "consumers" and for a UUID. nullopt for anything else: the UUID of a domain name is not known
// before asking.
std::optional<std::string> AnnouncedEntraIssuer(std::string_view issuer);

}  // namespace sallyport::signin
