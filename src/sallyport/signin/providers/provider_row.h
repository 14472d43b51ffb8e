// SPDX-License-Identifier: Apache-2.0
// One known provider as a line of the table: what is its own, everything else is the default of provider_spec.h.
//
// Text may hold {issuer} (without a slash at its end; what the configuration sets, else `issuer`), {tenant} and
// {client_id} (both from the configuration), and `later_url` {userinfo} (the first profile request without its query):
// resolve_provider.h fills them in. Other placeholders are those of ProfileRequest.
#pragma once

#include <array>
#include <string_view>

#include "sallyport/signin/providers/provider_spec.h"

namespace sallyport::signin {

struct RowParameter {
  std::string_view name, value;
};

// Authorization parameters and header fields: few, so that a row is one constant.
using RowParameters = std::array<RowParameter, 3>;

struct ProviderRow {
  std::string_view id, name;
  ProviderKind kind = ProviderKind::kOidc;
  // Where the credentials come from.
  std::string_view console;

  // Default of the configuration's `issuer`; empty when the endpoints have {issuer} or the kind is OIDC: it is required.
  // OAuth 2: the server's address, only a placeholder. May hold {tenant} or {client_id}.
  std::string_view issuer;
  std::string_view issuer_example;             // for the hint when it is required
  std::string_view issuer_suffix;              // added to what the configuration sets, when it does not end so
  std::string_view default_tenant;
  std::string_view tenant_meaning;             // what `tenant` is called at this provider; empty: it has none
  bool issuer_has_tenant = false;
  std::string_view discovery;                  // empty: the standard place below the issuer
  std::string_view id_token_alg;
  std::string_view answer_issuer;              // OAuth 2: what an `iss` parameter of the answer must be

  std::string_view authorize, scope, response_mode, fragment;
  std::string_view response_type = "code";
  RowParameters parameters = {};
  std::string_view token;
  ClientAuthentication authentication = ClientAuthentication::kBasic;
  TokenGrant grant = TokenGrant::kAuthorizationCode;
  bool token_by_get = false;
  std::string_view client_id_parameter = "client_id", client_secret_parameter = "client_secret";
  bool self_signed_secret = false;

  // `own_userinfo`: instead of `userinfo` when the configuration sets `issuer` (a GitHub of one's own).
  std::string_view userinfo, own_userinfo, userinfo_method = "GET", userinfo_body, userinfo_body_type, unwrap;
  bool bearer = true;
  RowParameters headers = {};
  std::string_view required_header;            // one that only the configuration can give: Bungie's X-API-Key
  std::string_view later_url, later_into, later_unwrap;
  bool from_userinfo = false;                  // OIDC whose ID token says too little
  std::string_view token_member;

  std::string_view profile_id = "sub | id", profile_name = "name | nickname | preferred_username";
  std::string_view profile_email = "email", profile_image = "picture";
  // By default: the flag at `verified`; without one "email_verified" for OIDC and nothing for OAuth 2.
  std::optional<EmailVerification> verification;
  std::string_view verified;
  ProfileFunction image_function = nullptr;
  bool user_in_callback = false;

  bool pkce = true, nonce = true;
  std::string_view note;                       // for people who set it up; one or two sentences
};

}  // namespace sallyport::signin
