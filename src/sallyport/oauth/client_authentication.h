// SPDX-License-Identifier: Apache-2.0
// How we prove to a provider's token, PAR and revocation endpoints who we are (RFC 6749 §2.3, RFC 7523, OpenID Connect Core §9).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"
#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"
#include "sallyport/jose/jws.h"
#include "sallyport/oauth/form_parameters.h"

namespace sallyport::oauth {

enum class ClientAuthMethod : std::uint8_t { kSecretBasic, kSecretPost, kPrivateKeyJwt, kNone };
// "client_secret_basic", "client_secret_post", "private_key_jwt", "none".
std::string_view NameOf(ClientAuthMethod method);
std::optional<ClientAuthMethod> ClientAuthMethodFromName(std::string_view name);

struct ClientIdentity {
  std::string client_id;
  Secret secret;                             // kSecretBasic, kSecretPost
  std::shared_ptr<const jose::Jwk> key;      // kPrivateKeyJwt: a private key, its kid as the provider knows it
  jose::JwsAlgorithm key_algorithm = jose::JwsAlgorithm::kEs256;
  std::string id_parameter = "client_id";    // a few providers have other names for the two (TikTok, WeChat)
  std::string secret_parameter = "client_secret";
};

// A request to be, to which authentication adds its part.
struct ClientRequest {
  std::vector<std::pair<std::string, std::string>> headers;
  FormParameters form;
};

// Adds the Authorization header (both parts urlencoded first, RFC 6749 §2.3.1) or client_id and its proof to the form.
// An assertion lives one minute and has a fresh jti; `audience` is the token endpoint (RFC 7523 §3).
// kInvalidClientSetup.
Result<void> AddClientAuthentication(ClientAuthMethod method, const ClientIdentity& client, std::string_view audience,
                                     Timestamp now, Random& random, ClientRequest& request);

}  // namespace sallyport::oauth
