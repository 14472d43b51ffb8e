// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "sallyport/base/url.h"
#include "sallyport/oauth/issuer.h"
#include "sallyport/signin/providers/entra_id.h"
#include "sallyport/signin/providers/provider_resolution.h"

namespace sallyport::signin {
namespace {

bool IsTenant(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  });
}

void ResolveTenant(ProviderResolution& r) {
  r.tenant = r.given.tenant.value_or(std::string(r.row.default_tenant));
  if (!r.given.tenant) return;
  if (r.row.tenant_meaning.empty()) return r.Problem("tenant", "is of no use with this provider", "remove it");
  if (!IsTenant(r.tenant)) r.Problem("tenant", "must be 1 to 64 of A-Z, a-z, 0-9, -, _ and .", fmt::format("it is {}", r.row.tenant_meaning));
  if (r.given.issuer && r.row.issuer.find("{tenant}") != std::string_view::npos) r.Problem("tenant", "issuer is set too", "keep one of them");
}

bool NeedsIssuer(const ProviderResolution& r) {
  if (r.oidc()) return true;
  const bool all_given = r.given.authorization_endpoint && r.given.token_endpoint && r.given.userinfo_endpoint;
  return !all_given && r.row.authorize.find("{issuer}") != std::string_view::npos;
}

void ResolveDiscovery(ProviderResolution& r) {
  const bool tenant_missing = r.row.discovery.find("{tenant}") != std::string_view::npos && r.tenant.empty();
  r.spec.discovery_url = r.row.discovery.empty() || tenant_missing ? oauth::OpenIdConfigurationUrl(r.issuer) : r.Filled(r.row.discovery);
  r.Override("discovery_url", r.given.discovery_url, r.spec.discovery_url);
  r.spec.id_token_alg = r.given.id_token_alg.value_or(std::string(r.row.id_token_alg));
  r.spec.issuer = r.issuer;
  if (!r.row.issuer_has_tenant || r.HasProblem("tenant")) return;
  if (const auto announced = AnnouncedEntraIssuer(r.issuer)) {
    r.spec.issuer = *announced;
    r.spec.issuer_has_tenant = announced->find(oauth::kTenantPlaceholder) != std::string::npos;
  } else {
    r.Problem(r.given.issuer ? "issuer" : "tenant", "names no tenant by its id",
              "tenant is the directory's id (a UUID), or \"organizations\", \"consumers\" or \"common\"");
  }
}

}  // namespace

void ResolveIssuer(ProviderResolution& r) {
  ResolveTenant(r);
  r.issuer = r.given.issuer.value_or(std::string(r.row.issuer));
  Replace(r.issuer, "{tenant}", r.tenant);
  Replace(r.issuer, "{client_id}", PercentEncode(r.given.client_id));
  if (r.issuer.empty()) {
    if (!NeedsIssuer(r)) return;
    return r.Problem("issuer", "is required", r.row.issuer_example.empty() ? "the provider's issuer, e.g. issuer = \"https://id.example.com\""
                                                                           : fmt::format("e.g. issuer = \"{}\"", r.row.issuer_example));
  }
  // Braces would be read as placeholders further on.
  if (r.given.issuer && (r.issuer.find_first_of("{}?") != std::string::npos || !ParseUrl(r.issuer))) {
    return r.Problem("issuer", "is not an absolute https URL without a query", "write it as the provider says, e.g. \"https://id.example.com\"");
  }
  if (!r.row.issuer_suffix.empty() && !WithoutSlash(r.issuer).ends_with(r.row.issuer_suffix)) {
    r.issuer = WithoutSlash(r.issuer) + std::string(r.row.issuer_suffix);
  }
  r.CheckScheme("issuer", r.issuer);
  if (r.oidc()) return ResolveDiscovery(r);
  r.spec.issuer = r.known ? r.Filled(r.row.answer_issuer) : r.issuer;
}

}  // namespace sallyport::signin
