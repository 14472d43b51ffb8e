// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/identity_header.h"

#include <algorithm>
#include <array>

#include "sallyport/http/char_class.h"

namespace sallyport::http {
namespace {

constexpr std::string_view kPrefixes[] = {
    "x-auth-", "x-forwarded-", "x-original-", "x-middleware-", "x-authenticated-", "x-remote-", "x-invoke-", "x-ssl-",
    "x-webauth-", "x-vouch-", "x-pomerium-", "x-authentik-", "x-amzn-oidc-", "x-goog-iap-", "x-goog-authenticated-user-",
    "x-ms-client-principal", "x-ms-token-", "x-consumer-", "x-credential-", "x-client-cert", "x-client-verify", "x-jwt-claim-",
    "remote-", "cf-access-", "tailscale-", "ssl-client-", "oidc-"};

constexpr std::string_view kNames[] = {
    "forwarded", "x-forwarded", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "cf-connecting-ip",
    "x-rewrite-url", "x-matched-path", "x-now-route-matches", "x-user", "x-user-id", "x-user-name", "x-user-email",
    "x-user-roles", "x-user-groups", "x-username", "x-userinfo", "x-email", "x-groups", "x-roles", "x-token-subject",
    "x-authenticated", "x-anonymous-consumer"};

constexpr std::size_t kMaxCompared = 32;
static_assert(std::all_of(std::begin(kPrefixes), std::end(kPrefixes), [](std::string_view p) { return p.size() <= kMaxCompared; }));
static_assert(std::all_of(std::begin(kNames), std::end(kNames), [](std::string_view p) { return p.size() <= kMaxCompared; }));

// Two or three letters rule out nearly everything that browsers send.
bool MayBeOne(std::string_view name) {
  if (name.size() < 5) return false;
  const char second = ToLower(name[1]);
  switch (ToLower(name[0])) {
    case 'x': return !Is(name[1], char_class::kAlphanumeric);
    case 'r': return second == 'e' && ToLower(name[2]) == 'm';
    case 'c': return second == 'f';
    case 'f': return name.size() == 9 && second == 'o';
    case 'o': return second == 'i';
    case 's': return second == 's';
    case 't': return second == 'a' || (second == 'r' && ToLower(name[2]) == 'u');
    default: return false;
  }
}

constexpr HeaderIdSet kMayBeIdentity = {HeaderId::kOther,          HeaderId::kForwarded,      HeaderId::kXAuthReturnRedirect,
                                        HeaderId::kXForwardedFor,  HeaderId::kXForwardedHost, HeaderId::kXForwardedPort,
                                        HeaderId::kXForwardedProto, HeaderId::kXRealIp};

}  // namespace

bool IsIdentityHeader(std::string_view name) {
  if (!MayBeOne(name)) return false;
  std::array<char, kMaxCompared> buffer;
  const std::size_t size = std::min(name.size(), kMaxCompared);
  for (std::size_t i = 0; i < size; ++i) buffer[i] = Is(name[i], char_class::kAlphanumeric) ? ToLower(name[i]) : '-';
  const std::string_view seen(buffer.data(), size);
  if (EqualsIgnoreCase(name, "x-middleware-prefetch")) return false;
  const auto begins = [&](std::string_view prefix) { return seen.starts_with(prefix); };
  if (std::any_of(std::begin(kPrefixes), std::end(kPrefixes), begins)) return true;
  return name.size() <= kMaxCompared && std::find(std::begin(kNames), std::end(kNames), seen) != std::end(kNames);
}

void MarkIdentityHeaders(const HeaderTable& fields, FieldMask& mask) {
  const auto all = fields.fields();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (kMayBeIdentity.Has(all[i].id) && IsIdentityHeader(all[i].name)) mask[i] = true;
}

}  // namespace sallyport::http
