// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/issuer.h"

namespace sallyport::oauth {
namespace {

constexpr std::size_t kUuidLength = 36;

bool IsUuid(std::string_view text) {
  if (text.size() != kUuidLength) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

std::string_view WithoutTrailingSlash(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

}  // namespace

bool IssuerMatches(std::string_view expected, std::string_view actual) {
  if (expected.empty()) return false;
  if (expected == actual) return expected.find(kTenantPlaceholder) == std::string_view::npos;
  const auto at = expected.find(kTenantPlaceholder);
  if (at == std::string_view::npos || actual.size() != expected.size() - kTenantPlaceholder.size() + kUuidLength) return false;
  return actual.substr(0, at) == expected.substr(0, at) && IsUuid(actual.substr(at, kUuidLength)) &&
         actual.substr(at + kUuidLength) == expected.substr(at + kTenantPlaceholder.size());
}

std::string OpenIdConfigurationUrl(std::string_view issuer) {
  return std::string(WithoutTrailingSlash(issuer)) + "/.well-known/openid-configuration";
}

std::string AuthorizationServerMetadataUrl(std::string_view issuer) {
  issuer = WithoutTrailingSlash(issuer);
  const auto scheme = issuer.find("://");
  const auto path = issuer.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  const std::string_view tail = path == std::string_view::npos ? std::string_view() : issuer.substr(path);
  return std::string(issuer.substr(0, path)) + "/.well-known/oauth-authorization-server" + std::string(tail);
}

}  // namespace sallyport::oauth
