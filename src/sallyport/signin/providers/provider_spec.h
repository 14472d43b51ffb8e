// SPDX-License-Identifier: Apache-2.0
// One provider as the sign-in flow sees it: everything that differs between providers, as data.
//
// A ProviderSpec is complete and holds no placeholders but those of ProfileRequest: the row of the table
// (provider_table.h) or the explicit keys of [signin.provider.NAME], with issuer and settings filled in
// (resolve_provider.h). The flow decides on these members only, never on the id. Values; immutable after the start.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sallyport/base/secret.h"

namespace sallyport::signin {

enum class ProviderKind : std::uint8_t { kOidc, kOAuth2 };

// How the client shows who it is at the token endpoint (OpenID Connect Core §9).
enum class ClientAuthentication : std::uint8_t { kBasic, kPost, kNone, kPrivateKeyJwt };

struct Parameter {
  std::string name, value;
  bool operator==(const Parameter&) const = default;
};

// The authorization request. What each transaction adds: redirect_uri, state, code_challenge, nonce.
struct AuthorizationSpec {
  std::string endpoint;                        // may have a query of its own; empty: from discovery
  std::string client_id_parameter = "client_id";   // "client_key", "appid"
  std::string response_type = "code";
  std::string response_mode;                   // empty: not sent. "form_post": the answer is a cross-site POST
  std::string scope;                           // as it is sent; empty: not sent
  std::vector<Parameter> parameters;           // static ones, after the above
  std::string fragment;                        // without "#"; WeChat wants "wechat_redirect"

  bool operator==(const AuthorizationSpec&) const = default;
};

enum class TokenGrant : std::uint8_t {
  kAuthorizationCode,   // RFC 6749 §4.1.3
  // Azure DevOps: grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer, assertion=CODE, client_assertion=SECRET,
  // client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer, redirect_uri.
  kJwtBearerAssertion,
};

// The token request. Every answer: `token_type` may be missing (taken as Bearer), `scope` may be a list, `expires_in`
// may be a string of digits, and an `error` member or a status other than 2xx is a refusal.
struct TokenSpec {
  std::string endpoint;                        // empty: from discovery
  ClientAuthentication authentication = ClientAuthentication::kBasic;
  TokenGrant grant = TokenGrant::kAuthorizationCode;
  bool by_get = false;                         // WeChat: GET with everything in the query
  std::string client_id_parameter = "client_id";           // for kPost, kNone
  std::string client_secret_parameter = "client_secret";   // for kPost
  // The client secret is a JWT that we sign ourselves (Apple): ProviderCredentials::private_key, see apple.h.
  bool self_signed_secret = false;

  bool operator==(const TokenSpec&) const = default;
};

// A request made with the fresh access token. `url` and header values may hold {access_token}, {client_id} and
// {token.NAME} (a member of the token answer, string or number); in `url` they are percent-encoded. A missing one fails
// the sign-in.
struct ProfileRequest {
  std::string url;                             // empty: userinfo_endpoint from discovery
  std::string method = "GET";
  bool bearer = true;                          // Authorization: Bearer ACCESS_TOKEN
  std::vector<Parameter> headers;              // beyond Accept: application/json and User-Agent, which are always sent
  std::string body, body_type;                 // for POST
  std::string unwrap;                          // profile_path.h: the profile object in the answer; empty: all of it
  std::string into;                            // later requests: the member of the profile that becomes their answer
  bool optional = false;                       // a refusal leaves the profile as it is

  bool operator==(const ProfileRequest&) const = default;
};

// Where the profile comes from. The ID token is verified in any case when the kind is OIDC.
enum class ProfileSource : std::uint8_t { kIdToken, kUserinfo };

// Whether an address may be believed to be the person's own (S33).
enum class EmailVerification : std::uint8_t {
  kNever,     // the provider does not say
  kFlag,      // the value at `verified` is true, "true", 1 or "1"
  kPresence,  // the value at `verified` is there and not null
  kAlways,    // `email` selects confirmed addresses only, or the provider hands out no others
};

// Gets one value out of a profile where paths do not do.
using ProfileFunction = std::optional<std::string> (*)(const boost::json::object& profile);

// Each value is an expression of profile_expression.h: alternatives "a.b | c", joins "{first} {last}", selections
// "emails[primary].email".
struct ProfileMapping {
  std::string id = "sub | id";
  std::string name = "name | nickname | preferred_username";
  std::string email = "email";
  std::string image = "picture";
  EmailVerification verification = EmailVerification::kNever;
  std::string verified;                        // path of the flag; "a & b": of all of them
  ProfileFunction image_function = nullptr;    // instead of `image`

  bool operator==(const ProfileMapping&) const = default;
};

struct ProviderSpec {
  std::string id;                              // in paths and cookies: a-z 0-9 - _
  std::string name;                            // what people read
  ProviderKind kind = ProviderKind::kOidc;

  // OIDC: the issuer that discovery must announce (one slash at the end is no difference) and, as announced there, the
  // ID token's `iss`. OAuth 2: empty, or what an `iss` parameter of the answer must be (RFC 9207).
  std::string issuer;
  // It holds {tenantid} (entra_id.h, oauth/issuer.h): `iss` has a UUID in its place.
  bool issuer_has_tenant = false;
  std::string discovery_url;                   // OIDC only
  std::string id_token_alg;                    // "HS256" (LINE: keyed with the client secret); empty: by discovery

  AuthorizationSpec authorization;
  TokenSpec token;
  std::vector<ProfileRequest> profile_requests;    // kUserinfo: the first is userinfo, later ones add to it
  ProfileSource profile_source = ProfileSource::kIdToken;
  std::vector<std::string> token_members;          // of the token answer: what the profile gets as member "token" (VK)
  ProfileMapping profile;
  // The callback's form has a JSON `user` at the first consent only (Apple); the flow puts it into the profile as
  // member "user".
  bool user_in_callback = false;

  // State is always sent. These are false only where the provider is known to refuse or to lose them.
  bool pkce = true;
  bool nonce = true;                           // OIDC only

  std::string console_url;                     // where client id and secret come from; for hints

  bool operator==(const ProviderSpec&) const = default;
};

// What makes the client ours. Not copyable, for its secrets.
struct ProviderCredentials {
  std::string client_id;
  Secret client_secret;                        // may be empty for kNone, kPrivateKeyJwt and Apple
  Secret private_key;                          // PKCS #8 PEM: kPrivateKeyJwt and Apple
  std::string key_id;                          // its `kid`
  std::string team_id;                         // Apple's `iss`

  ProviderCredentials Clone() const {
    return {client_id, client_secret.Clone(), private_key.Clone(), key_id, team_id};
  }
};

}  // namespace sallyport::signin
