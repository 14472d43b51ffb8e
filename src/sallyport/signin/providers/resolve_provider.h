// SPDX-License-Identifier: Apache-2.0
// [signin.provider.NAME] → ProviderSpec: the row of the known provider with issuer, tenant and explicit keys filled in, or
// explicit keys alone. Pure.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "sallyport/signin/providers/provider_row.h"

namespace sallyport::signin {

// The keys as they were given; what is not there is the row's, or the default of provider_spec.h. The members are named
// as the keys of the configuration, so that a problem can name its key.
struct ProviderSettings {
  std::string id;                              // NAME
  std::string type;                            // id in the table; empty: NAME when the table has it, else none
  std::string client_id;                       // for {client_id} of Descope's issuer
  std::optional<ProviderKind> kind;
  std::optional<std::string> name, issuer, tenant, discovery_url;
  std::optional<std::string> authorization_endpoint, token_endpoint, userinfo_endpoint;
  std::optional<std::string> scope, response_mode;
  std::vector<Parameter> authorization_parameters;   // replace those of the row that have the same name; empty: left out
  std::vector<Parameter> userinfo_headers;           // likewise
  std::optional<ClientAuthentication> client_authentication;
  std::optional<std::string> id_token_alg;
  std::optional<ProfileSource> profile_from;
  std::optional<std::string> profile_id, profile_name, profile_email, profile_image, profile_email_verified;
  std::optional<bool> pkce, nonce;
  // Apple: client_secret is a JWT that somebody made with the key already, as next-auth wants it.
  bool secret_is_ready = false;
  bool allow_http = false;                     // the provider is on this machine or in a network of one's own
};

struct ProviderProblem {
  std::string key;                             // of [signin.provider.NAME]; empty: the section
  std::string message, hint;
};

// What can be known without asking the provider. Every problem at once.
std::expected<ProviderSpec, std::vector<ProviderProblem>> ResolveProvider(const ProviderSettings& settings);

// What the spec's client authentication needs and is not there, or is no key.
std::vector<ProviderProblem> CheckCredentials(const ProviderSpec& spec, const ProviderCredentials& credentials);

// The environment's name of a setting: EnvironmentName("click-up", "ID") is "AUTH_CLICK_UP_ID".
std::string EnvironmentName(std::string_view provider_id, std::string_view setting);

}  // namespace sallyport::signin
