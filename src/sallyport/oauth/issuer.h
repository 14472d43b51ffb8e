// SPDX-License-Identifier: Apache-2.0
// Issuer identifiers (OpenID Connect Discovery §4, RFC 8414 §3): compared byte for byte, or by Entra's tenant template.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::oauth {

inline constexpr std::string_view kTenantPlaceholder = "{tenantid}";

// `expected` may hold kTenantPlaceholder once: then any tenant id (a UUID) fits in its place, and nothing else (S31).
// An empty `expected` matches nothing.
bool IssuerMatches(std::string_view expected, std::string_view actual);

// issuer + "/.well-known/openid-configuration".
std::string OpenIdConfigurationUrl(std::string_view issuer);
// RFC 8414 §3.1: the well-known part stands between host and path.
std::string AuthorizationServerMetadataUrl(std::string_view issuer);

}  // namespace sallyport::oauth
