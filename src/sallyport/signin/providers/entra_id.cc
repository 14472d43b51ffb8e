// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/entra_id.h"

#include "sallyport/oauth/issuer.h"

namespace sallyport::signin {
namespace {

constexpr std::string_view kVersion = "/v2.0";
constexpr std::string_view kPersonalAccounts = "9188040d-6c67-4c5b-b112-36a304b66dad";

}  // namespace

std::optional<std::string> AnnouncedEntraIssuer(std::string_view issuer) {
  if (issuer.ends_with('/')) issuer.remove_suffix(1);
  if (!issuer.ends_with(kVersion)) return std::nullopt;
  const auto rest = issuer.substr(0, issuer.size() - kVersion.size());
  const auto slash = rest.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto base = std::string(rest.substr(0, slash + 1));
  const auto tenant = rest.substr(slash + 1);
  const auto whole = [&](std::string_view name) { return base + std::string(name) + std::string(kVersion); };
  const auto announced = whole(oauth::kTenantPlaceholder);
  if (tenant == "common" || tenant == "organizations") return announced;
  if (tenant == "consumers") return whole(kPersonalAccounts);
  return oauth::IssuerMatches(announced, issuer) ? std::optional(std::string(issuer)) : std::nullopt;
}

}  // namespace sallyport::signin
