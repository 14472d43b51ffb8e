// SPDX-License-Identifier: Apache-2.0
// One configured provider at run time: its metadata and keys, cached, and requests in our client's name.
//
// OpenID Connect: discovery is the source of endpoints, what the spec names itself goes before it; keys come from the
// discovered jwks_uri only (S32). OAuth 2.0: the spec's endpoints. Every request is bounded, follows no redirect, and goes to a
// private address only with allow_private_network (S37). Thread-safe; call it on a worker. What is passed to Create must
// outlive it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sallyport/base/random.h"
#include "sallyport/net/http_client.h"
#include "sallyport/oauth/id_token.h"
#include "sallyport/oauth/logout_token.h"
#include "sallyport/oauth/provider_metadata.h"
#include "sallyport/signin/oauth/cached_document.h"
#include "sallyport/signin/providers/options.h"

namespace sallyport::signin {

class ProviderConnection {
 public:
  // oauth::Errc::kInvalidClientSetup: the private key cannot be used.
  static Result<std::unique_ptr<ProviderConnection>> Create(ProviderOptions options, net::HttpClient& http, const Clock& clock, Random& random);

  const ProviderSpec& spec() const { return options_.spec; }
  const ProviderOptions& options() const { return options_; }
  const std::string& client_id() const { return options_.credentials.client_id; }

  // Endpoints and abilities. Errors: those of CachedDocument and of oauth::ReadProviderMetadata.
  Task<oauth::ProviderMetadata> Metadata();
  // Where the browser is sent, as far as it is known without asking: for CSP's form-action. Empty: not known.
  std::string KnownAuthorizationOrigin() const;

  // `policy`: nonce, access token and code; the rest is filled in here. A key that is not known yet is looked for once.
  Task<oauth::IdToken> VerifyIdToken(std::string compact, oauth::IdTokenPolicy policy);
  // The same for userinfo that comes as a signed JWT.
  Task<json::object> VerifyUserInfo(std::string compact);

  // And for logout tokens (S36). Errc::kProviderTrouble when the keys cannot be had right now.
  Task<oauth::LogoutToken> VerifyLogoutToken(std::string compact);

  // Fetches the key set, for nothing but to see whether it is there.
  Task<void> CheckKeys();

  // POSTs `form` with client authentication. A status is no error.
  Task<net::OutboundResponse> Post(std::string url, oauth::FormParameters form);
  // Anything else, already complete. Bounds and address rules are set here.
  Task<net::OutboundResponse> Send(net::OutboundRequest request);

 private:
  ProviderConnection(ProviderOptions options, std::shared_ptr<const jose::Jwk> key, net::HttpClient& http, const Clock& clock, Random& random);
  Result<oauth::ClientIdentity> Client() const;
  Task<std::shared_ptr<const jose::JwkSet>> Keys(std::string uri, bool newer);
  Result<oauth::IdTokenPolicy> Complete(oauth::IdTokenPolicy policy, const oauth::ProviderMetadata& metadata) const;

  const ProviderOptions options_;
  const std::shared_ptr<const jose::Jwk> key_;   // private_key_jwt
  net::HttpClient& http_;
  const Clock& clock_;
  Random& random_;
  CachedDocument discovery_, keys_;
};

// The value of a header, by its name in lower case; empty when absent.
std::string_view HeaderOf(const net::OutboundResponse& response, std::string_view name);

}  // namespace sallyport::signin
