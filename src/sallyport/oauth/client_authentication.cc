// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/client_authentication.h"

#include <array>

#include "sallyport/base/json.h"
#include "sallyport/jose/base64.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/pkce.h"

namespace sallyport::oauth {
namespace {

constexpr std::array<std::pair<ClientAuthMethod, std::string_view>, 4> kNames = {
    {{ClientAuthMethod::kSecretBasic, "client_secret_basic"},
     {ClientAuthMethod::kSecretPost, "client_secret_post"},
     {ClientAuthMethod::kPrivateKeyJwt, "private_key_jwt"},
     {ClientAuthMethod::kNone, "none"}}};

constexpr std::int64_t kAssertionSeconds = 60;
constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

// One part of the Basic credentials: a colon in it must not end the user name, so it is urlencoded first.
std::string EncodePart(std::string_view part) { return http::QueryBuilder().Add("", part).str().substr(1); }

Result<std::string> Assertion(const ClientIdentity& client, std::string_view audience, Timestamp now, Random& random) {
  if (!client.key) return Fail(Errc::kInvalidClientSetup, "private_key_jwt without a key");
  auto signer = jose::JwsSigner::Create(client.key->Clone(), client.key_algorithm, "JWT");
  if (!signer) return Fail(Errc::kInvalidClientSetup, signer.error().ToLogString());
  const json::object claims = {{"iss", client.client_id}, {"sub", client.client_id},
                               {"aud", audience},         {"jti", MintUnguessable(random)},
                               {"iat", UnixSeconds(now)}, {"exp", UnixSeconds(now) + kAssertionSeconds}};
  return signer->Sign(json::serialize(claims));
}

}  // namespace

std::string_view NameOf(ClientAuthMethod method) { return kNames[static_cast<std::size_t>(method)].second; }

std::optional<ClientAuthMethod> ClientAuthMethodFromName(std::string_view name) {
  for (const auto& [method, known] : kNames)
    if (known == name) return method;
  return std::nullopt;
}

Result<void> AddClientAuthentication(ClientAuthMethod method, const ClientIdentity& client, std::string_view audience,
                                     Timestamp now, Random& random, ClientRequest& request) {
  const bool needs_secret = method == ClientAuthMethod::kSecretBasic || method == ClientAuthMethod::kSecretPost;
  if (client.client_id.empty()) return Fail(Errc::kInvalidClientSetup, "no client_id");
  if (needs_secret && client.secret.empty()) return Fail(Errc::kInvalidClientSetup, std::string(NameOf(method)) + " without a secret");
  switch (method) {
    case ClientAuthMethod::kSecretBasic:
      request.headers.emplace_back("Authorization", "Basic " + jose::EncodeBase64(EncodePart(client.client_id) + ":" +
                                                                                  EncodePart(client.secret.Reveal())));
      return {};
    case ClientAuthMethod::kSecretPost:
      request.form.push_back({client.id_parameter, client.client_id});
      request.form.push_back({client.secret_parameter, std::string(client.secret.Reveal())});
      return {};
    case ClientAuthMethod::kPrivateKeyJwt: {
      SALLYPORT_TRY(std::string assertion, Assertion(client, audience, now, random));
      request.form.push_back({client.id_parameter, client.client_id});
      request.form.push_back({"client_assertion_type", std::string(kJwtBearer)});
      request.form.push_back({"client_assertion", std::move(assertion)});
      return {};
    }
    case ClientAuthMethod::kNone:
      request.form.push_back({client.id_parameter, client.client_id});
      return {};
  }
  return Fail(Errc::kInvalidClientSetup, "unknown method");
}

}  // namespace sallyport::oauth
