// SPDX-License-Identifier: Apache-2.0
// A provider's metadata (OpenID Connect Discovery §3, RFC 8414 §2), as far as a relying party needs it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/result.h"
#include "sallyport/jose/jws.h"
#include "sallyport/oauth/client_authentication.h"

namespace sallyport::oauth {

struct ProviderMetadata {
  std::string issuer;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string userinfo_endpoint;                    // these may be empty
  std::string jwks_uri;
  std::string end_session_endpoint;
  std::string revocation_endpoint;
  std::string pushed_authorization_request_endpoint;
  bool requires_pushed_requests = false;
  bool sends_response_issuer = false;               // RFC 9207
  bool backchannel_logout = false;
  std::vector<ClientAuthMethod> token_auth_methods; // those that we know; empty: the document says nothing
  std::vector<jose::JwsAlgorithm> id_token_algorithms;
};

struct MetadataPolicy {
  std::string issuer;        // must equal the document's (S31) but for one slash at the end; a template, the document's template
  bool allow_http = false;   // for tests and providers on a private network: endpoints may be plain http
};

// kMalformed, kWrongIssuer, kInsecureEndpoint, kUnsupported (metadata that excludes the code flow or S256).
Result<ProviderMetadata> ReadProviderMetadata(std::string_view body, const MetadataPolicy& policy);

}  // namespace sallyport::oauth
