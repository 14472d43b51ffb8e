// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/provider_metadata.h"

#include <algorithm>

#include "sallyport/base/json.h"
#include "sallyport/base/url.h"
#include "sallyport/oauth/errc.h"

namespace sallyport::oauth {
namespace {

// Empty when absent.
Result<std::string> Endpoint(const json::object& document, std::string_view name, const MetadataPolicy& policy) {
  const json::value* member = document.if_contains(name);
  if (member == nullptr || member->is_null()) return std::string();
  const auto text = GetString(document, name);
  if (!text) return Fail(Errc::kMalformed, std::string(name));
  const auto url = ParseUrl(*text);
  if (!url) return Fail(Errc::kMalformed, std::string(name) + ": " + url.error().detail);
  if (!url->origin.secure() && !policy.allow_http) return Fail(Errc::kInsecureEndpoint, std::string(name));
  return std::string(*text);
}

// nullopt when absent; of another type: kMalformed.
Result<std::optional<std::vector<std::string>>> Texts(const json::object& document, std::string_view name) {
  const json::value* member = document.if_contains(name);
  if (member == nullptr || member->is_null()) return std::nullopt;
  if (!member->is_array()) return Fail(Errc::kMalformed, std::string(name));
  std::vector<std::string> out;
  for (const json::value& item : member->get_array()) {
    if (!item.is_string()) return Fail(Errc::kMalformed, std::string(name));
    out.emplace_back(item.get_string());
  }
  return out;
}

Result<bool> Flag(const json::object& document, std::string_view name) {
  const json::value* member = document.if_contains(name);
  if (member == nullptr || member->is_null()) return false;
  if (!member->is_bool()) return Fail(Errc::kMalformed, std::string(name));
  return member->get_bool();
}

// A provider that lists what it supports and leaves out what we insist on cannot be used.
Result<void> Demand(const json::object& document, std::string_view name, std::string_view value) {
  SALLYPORT_TRY(const auto supported, Texts(document, name));
  if (supported && std::ranges::find(*supported, value) == supported->end())
    return Fail(Errc::kUnsupported, std::string(name) + " lacks " + std::string(value));
  return {};
}

std::string_view WithoutSlash(std::string_view issuer) {
  if (issuer.ends_with('/')) issuer.remove_suffix(1);
  return issuer;
}

Result<void> ReadEndpoints(const json::object& document, const MetadataPolicy& policy, ProviderMetadata& out) {
  SALLYPORT_TRY(out.authorization_endpoint, Endpoint(document, "authorization_endpoint", policy));
  SALLYPORT_TRY(out.token_endpoint, Endpoint(document, "token_endpoint", policy));
  SALLYPORT_TRY(out.userinfo_endpoint, Endpoint(document, "userinfo_endpoint", policy));
  SALLYPORT_TRY(out.jwks_uri, Endpoint(document, "jwks_uri", policy));
  SALLYPORT_TRY(out.end_session_endpoint, Endpoint(document, "end_session_endpoint", policy));
  SALLYPORT_TRY(out.revocation_endpoint, Endpoint(document, "revocation_endpoint", policy));
  SALLYPORT_TRY(out.pushed_authorization_request_endpoint, Endpoint(document, "pushed_authorization_request_endpoint", policy));
  if (out.authorization_endpoint.empty() || out.token_endpoint.empty())
    return Fail(Errc::kMalformed, "authorization_endpoint and token_endpoint are required");
  return {};
}

}  // namespace

Result<ProviderMetadata> ReadProviderMetadata(std::string_view body, const MetadataPolicy& policy) {
  const auto document = ParseJsonObject(body, {.max_bytes = 512 * 1024});
  if (!document) return Fail(Errc::kMalformed, "metadata: " + document.error().detail);
  const auto issuer = GetString(*document, "issuer");
  if (!issuer) return Fail(Errc::kMalformed, "metadata without an issuer");
  if (policy.issuer.empty() || WithoutSlash(*issuer) != WithoutSlash(policy.issuer))
    return Fail(Errc::kWrongIssuer, "the metadata names another issuer than " + policy.issuer);
  ProviderMetadata out;
  out.issuer = *issuer;
  SALLYPORT_CHECK(ReadEndpoints(*document, policy, out));
  SALLYPORT_CHECK(Demand(*document, "response_types_supported", "code"));
  SALLYPORT_CHECK(Demand(*document, "code_challenge_methods_supported", "S256"));
  SALLYPORT_TRY(out.requires_pushed_requests, Flag(*document, "require_pushed_authorization_requests"));
  SALLYPORT_TRY(out.sends_response_issuer, Flag(*document, "authorization_response_iss_parameter_supported"));
  SALLYPORT_TRY(out.backchannel_logout, Flag(*document, "backchannel_logout_supported"));
  SALLYPORT_TRY(const auto methods, Texts(*document, "token_endpoint_auth_methods_supported"));
  for (const std::string& name : methods.value_or(std::vector<std::string>{}))
    if (const auto method = ClientAuthMethodFromName(name)) out.token_auth_methods.push_back(*method);
  SALLYPORT_TRY(const auto algorithms, Texts(*document, "id_token_signing_alg_values_supported"));
  for (const std::string& name : algorithms.value_or(std::vector<std::string>{}))
    if (const auto algorithm = jose::JwsAlgorithmFromName(name)) out.id_token_algorithms.push_back(*algorithm);
  return out;
}

}  // namespace sallyport::oauth
