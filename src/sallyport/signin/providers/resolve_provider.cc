// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/resolve_provider.h"

#include <fmt/format.h>

#include <algorithm>

#include "sallyport/signin/providers/provider_resolution.h"
#include "sallyport/signin/providers/provider_table.h"

namespace sallyport::signin {
namespace {

// What a transaction sets (S34), and what has a key of its own.
constexpr std::string_view kNotAsParameter[] = {"client_id", "redirect_uri", "response_type", "state", "nonce", "code_challenge",
                                                "code_challenge_method", "scope", "response_mode", "request", "request_uri"};

void ResolveAuthorization(ProviderResolution& r) {
  auto& out = r.spec.authorization;
  out.endpoint = r.Endpoint("authorization_endpoint", r.given.authorization_endpoint, r.row.authorize);
  out.client_id_parameter = r.row.client_id_parameter;
  out.response_type = r.row.response_type;
  out.response_mode = r.given.response_mode.value_or(std::string(r.row.response_mode));
  out.fragment = r.row.fragment;
  out.scope = r.given.scope.value_or(r.row.scope.empty() && r.oidc() ? "openid profile email" : std::string(r.row.scope));
  if (r.oidc() && !r.known && (" " + out.scope + " ").find(" openid ") == std::string::npos) {
    r.Problem("scope", "has no \"openid\": the provider would send no ID token", "e.g. scope = \"openid profile email\"");
  }
  if (!IsOneLine(out.scope)) r.Problem("scope", "must be one line");
  for (const auto& parameter : r.given.authorization_parameters) {
    if (std::ranges::find(kNotAsParameter, parameter.name) == std::end(kNotAsParameter) && parameter.name != out.client_id_parameter) continue;
    r.Problem("authorization_parameters", fmt::format("'{}' is set by Sallyport", parameter.name), "scope and response_mode are keys of their own");
  }
  out.parameters = Merge(r, r.row.parameters, r.given.authorization_parameters);
}

void ResolveToken(ProviderResolution& r) {
  auto& out = r.spec.token;
  out.endpoint = r.Endpoint("token_endpoint", r.given.token_endpoint, r.row.token);
  out.authentication = r.given.client_authentication.value_or(r.row.authentication);
  out.grant = r.row.grant;
  out.by_get = r.row.token_by_get;
  out.client_id_parameter = r.row.client_id_parameter;
  out.client_secret_parameter = r.row.client_secret_parameter;
  out.self_signed_secret = r.row.self_signed_secret && !r.given.secret_is_ready;
  if (r.given.client_authentication && (out.self_signed_secret || out.grant != TokenGrant::kAuthorizationCode || out.by_get)) {
    r.Problem("client_authentication", fmt::format("{} knows one way only", r.row.name), "leave it out");
  }
}

}  // namespace

bool FindRow(ProviderResolution& r) {
  const auto& given = r.given;
  const auto* row = FindKnownProvider(given.type.empty() ? given.id : given.type);
  if (!row && !given.type.empty()) {
    r.Problem("type", fmt::format("'{}' is not a known provider", given.type), "`sallyport providers` lists them");
  } else if (row && given.kind && *given.kind != row->kind) {
    r.Problem("kind", fmt::format("{} is known as {}", row->name, row->kind == ProviderKind::kOidc ? "\"oidc\"" : "\"oauth\""),
              "leave it out, or call the section by a name that is not a known provider's");
  } else if (!row && !given.kind) {
    r.Problem("", fmt::format("'{}' is not a known provider", given.id),
              "set type to one that `sallyport providers` lists, or kind = \"oidc\" with issuer, or kind = \"oauth\" with endpoints");
  }
  if (!r.problems.empty()) return false;
  r.known = row != nullptr;
  if (row) r.row = *row;
  else r.row.kind = *given.kind;
  r.spec.id = given.id;
  r.spec.name = given.name.value_or(row ? std::string(row->name) : given.id);
  r.spec.kind = r.row.kind;
  r.spec.console_url = r.row.console;
  return true;
}

void ResolveEndpoints(ProviderResolution& r) {
  ResolveAuthorization(r);
  ResolveToken(r);
  r.spec.pkce = r.given.pkce.value_or(r.row.pkce);
  r.spec.nonce = r.oidc() && r.given.nonce.value_or(r.row.nonce);
  if (r.spec.token.authentication == ClientAuthentication::kNone && !r.spec.pkce) {
    r.Problem("pkce", "is what protects a client without a secret", "leave it out, or use another client_authentication");
  }
}

std::expected<ProviderSpec, std::vector<ProviderProblem>> ResolveProvider(const ProviderSettings& settings) {
  ProviderResolution resolution{.given = settings};
  if (FindRow(resolution)) {
    ResolveIssuer(resolution);
    ResolveEndpoints(resolution);
    ResolveProfile(resolution);
  }
  if (!resolution.problems.empty()) return std::unexpected(std::move(resolution.problems));
  return std::move(resolution.spec);
}

std::string EnvironmentName(std::string_view provider_id, std::string_view setting) {
  std::string id(provider_id);
  std::ranges::transform(id, id.begin(), [](char c) { return c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return fmt::format("AUTH_{}_{}", id, setting);
}

}  // namespace sallyport::signin
