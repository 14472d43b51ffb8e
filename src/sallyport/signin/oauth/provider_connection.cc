// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/provider_connection.h"

#include <algorithm>

#include "sallyport/base/url.h"
#include "sallyport/jose/errc.h"
#include "sallyport/oauth/apple_client_secret.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/issuer.h"
#include "sallyport/oauth/userinfo.h"
#include "sallyport/signin/errc.h"

namespace sallyport::signin {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kTimeout = seconds(10);
constexpr std::size_t kMaxAnswerBytes = 512 * 1024;

oauth::ClientAuthMethod MethodOf(ClientAuthentication authentication) {
  switch (authentication) {
    case ClientAuthentication::kBasic: return oauth::ClientAuthMethod::kSecretBasic;
    case ClientAuthentication::kPost: return oauth::ClientAuthMethod::kSecretPost;
    case ClientAuthentication::kPrivateKeyJwt: return oauth::ClientAuthMethod::kPrivateKeyJwt;
    case ClientAuthentication::kNone: return oauth::ClientAuthMethod::kNone;
  }
  return oauth::ClientAuthMethod::kSecretBasic;
}

// The configured way, unless discovery rules it out and knows the other way of showing the same secret.
oauth::ClientAuthMethod MethodFor(const ProviderSpec& spec, const oauth::ProviderMetadata& metadata) {
  using enum oauth::ClientAuthMethod;
  const oauth::ClientAuthMethod wanted = MethodOf(spec.token.authentication);
  const auto offered = [&](oauth::ClientAuthMethod m) { return std::ranges::find(metadata.token_auth_methods, m) != metadata.token_auth_methods.end(); };
  if (metadata.token_auth_methods.empty() || offered(wanted)) return wanted;
  if (wanted == kSecretBasic && offered(kSecretPost)) return kSecretPost;
  if (wanted == kSecretPost && offered(kSecretBasic)) return kSecretBasic;
  return wanted;
}

std::optional<jose::JwsAlgorithm> AlgorithmFor(crypto::KeyType type) {
  switch (type) {
    case crypto::KeyType::kP256: return jose::JwsAlgorithm::kEs256;
    case crypto::KeyType::kP384: return jose::JwsAlgorithm::kEs384;
    case crypto::KeyType::kP521: return jose::JwsAlgorithm::kEs512;
    case crypto::KeyType::kEd25519: return jose::JwsAlgorithm::kEdDsa;
    case crypto::KeyType::kRsa: return jose::JwsAlgorithm::kRs256;
  }
  return std::nullopt;
}

CachedDocument::Parser MetadataParser(const ProviderOptions& options) {
  return [policy = oauth::MetadataPolicy{options.spec.issuer, options.allow_private_network}](std::string_view body) -> Result<CachedDocument::Content> {
    SALLYPORT_TRY(auto metadata, oauth::ReadProviderMetadata(body, policy));
    return std::make_shared<const oauth::ProviderMetadata>(std::move(metadata));
  };
}

Result<CachedDocument::Content> ParseKeys(std::string_view body) {
  SALLYPORT_TRY(auto keys, jose::JwkSet::Parse(body));
  return std::make_shared<const jose::JwkSet>(std::move(keys));
}

DocumentOptions Document(const ProviderOptions& options, std::string_view kind, FreshnessBounds freshness) {
  DocumentOptions out;
  out.what = std::string(kind) + " of " + options.spec.id;
  out.freshness = freshness;
  out.allow_private = options.allow_private_network;
  return out;
}

void Prefer(std::string& discovered, const std::string& own) {
  if (!own.empty()) discovered = own;
}

// A token that names no key could be by one that we have not seen yet as well.
bool AsksForNewerKeys(const Error& error, std::string_view compact) {
  if (error.Is(jose::Errc::kKeyNotFound)) return true;
  if (!error.Is(jose::Errc::kBadSignature) && !error.Is(jose::Errc::kKeyUnsuitable)) return false;
  const auto token = jose::ParseUnverifiedJws(compact);
  return token && token->header.kid.empty();
}

}  // namespace

std::string_view HeaderOf(const net::OutboundResponse& response, std::string_view name) {
  const auto found = std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
  return found == response.headers.end() ? std::string_view() : std::string_view(found->second);
}

Result<std::unique_ptr<ProviderConnection>> ProviderConnection::Create(ProviderOptions options, net::HttpClient& http, const Clock& clock, Random& random) {
  std::shared_ptr<const jose::Jwk> key;
  if (!options.credentials.private_key.empty()) {
    auto parsed = crypto::PrivateKey::FromPem(options.credentials.private_key.Reveal());
    if (!parsed) return Fail(oauth::Errc::kInvalidClientSetup, "private_key of " + options.spec.id + ": " + parsed.error().ToLogString());
    key = std::make_shared<const jose::Jwk>(jose::Jwk::FromPrivate(*std::move(parsed), options.credentials.key_id));
  }
  return std::unique_ptr<ProviderConnection>(new ProviderConnection(std::move(options), std::move(key), http, clock, random));
}

ProviderConnection::ProviderConnection(ProviderOptions options, std::shared_ptr<const jose::Jwk> key, net::HttpClient& http, const Clock& clock, Random& random)
    : options_(std::move(options)),
      key_(std::move(key)),
      http_(http),
      clock_(clock),
      random_(random),
      discovery_(Document(options_, "discovery", {minutes(1), hours(24), hours(1)}), MetadataParser(options_), http, clock),
      keys_(Document(options_, "the keys", {minutes(1), hours(24), minutes(15)}), ParseKeys, http, clock) {}

Task<oauth::ProviderMetadata> ProviderConnection::Metadata() {
  oauth::ProviderMetadata metadata;
  if (spec().kind == ProviderKind::kOidc) {
    const std::string url = spec().discovery_url.empty() ? oauth::OpenIdConfigurationUrl(spec().issuer) : spec().discovery_url;
    SALLYPORT_CO_TRY(const auto content, co_await discovery_.Get(url));
    metadata = *static_cast<const oauth::ProviderMetadata*>(content.get());
  } else {
    metadata.issuer = spec().issuer;
  }
  Prefer(metadata.authorization_endpoint, spec().authorization.endpoint);
  Prefer(metadata.token_endpoint, spec().token.endpoint);
  co_return metadata;
}

std::string ProviderConnection::KnownAuthorizationOrigin() const {
  std::string url = spec().authorization.endpoint;
  if (url.empty()) {
    if (const auto content = discovery_.Peek()) url = static_cast<const oauth::ProviderMetadata*>(content.get())->authorization_endpoint;
  }
  const auto parsed = ParseUrl(url.empty() ? spec().issuer : url);
  return parsed ? parsed->origin.ToString() : std::string();
}

Task<std::shared_ptr<const jose::JwkSet>> ProviderConnection::Keys(std::string uri, bool newer) {
  if (!spec().id_token_alg.empty() && spec().id_token_alg.starts_with("HS")) {
    auto keys = std::make_shared<jose::JwkSet>();
    keys->Add(jose::Jwk::FromSymmetric(options_.credentials.client_secret.Clone()));
    co_return keys;
  }
  if (uri.empty()) co_return Fail(oauth::Errc::kUnsupported, "the provider publishes no jwks_uri");
  CachedDocument::Content content;
  if (newer) {
    SALLYPORT_CO_TRY(content, co_await keys_.GetNewer(std::move(uri)));
  } else {
    SALLYPORT_CO_TRY(content, co_await keys_.Get(std::move(uri)));
  }
  co_return std::static_pointer_cast<const jose::JwkSet>(content);
}

Result<oauth::IdTokenPolicy> ProviderConnection::Complete(oauth::IdTokenPolicy policy, const oauth::ProviderMetadata& metadata) const {
  policy.issuer = metadata.issuer;
  policy.client_id = client_id();
  policy.algorithms = oauth::DefaultIdTokenAlgorithms();
  if (!spec().id_token_alg.empty()) {
    const auto algorithm = jose::JwsAlgorithmFromName(spec().id_token_alg);
    if (!algorithm) return Fail(oauth::Errc::kInvalidClientSetup, "id_token_alg");
    policy.algorithms = {*algorithm};
  } else if (!metadata.id_token_algorithms.empty()) {
    std::erase_if(policy.algorithms, [&](jose::JwsAlgorithm a) {
      return std::ranges::find(metadata.id_token_algorithms, a) == metadata.id_token_algorithms.end();
    });
  }
  return policy;
}

Task<oauth::IdToken> ProviderConnection::VerifyIdToken(std::string compact, oauth::IdTokenPolicy policy) {
  SALLYPORT_CO_TRY(const auto metadata, co_await Metadata());
  const std::string uri = metadata.jwks_uri;
  SALLYPORT_CO_TRY(const auto complete, Complete(std::move(policy), metadata));
  SALLYPORT_CO_TRY(auto keys, co_await Keys(uri, false));
  auto verified = oauth::VerifyIdToken(compact, *keys, complete, clock_);
  if (verified || !AsksForNewerKeys(verified.error(), compact)) co_return verified;
  SALLYPORT_CO_TRY(keys, co_await Keys(uri, true));
  co_return oauth::VerifyIdToken(compact, *keys, complete, clock_);
}

Task<json::object> ProviderConnection::VerifyUserInfo(std::string compact) {
  SALLYPORT_CO_TRY(auto metadata, co_await Metadata());
  const std::string uri = metadata.jwks_uri;
  // Discovery lists the algorithms of userinfo apart; every asymmetric one will do.
  metadata.id_token_algorithms.clear();
  SALLYPORT_CO_TRY(const auto complete, Complete({}, metadata));
  SALLYPORT_CO_TRY(auto keys, co_await Keys(uri, false));
  auto verified = oauth::ReadSignedUserInfo(compact, *keys, complete, clock_);
  if (verified || !AsksForNewerKeys(verified.error(), compact)) co_return verified;
  SALLYPORT_CO_TRY(keys, co_await Keys(uri, true));
  co_return oauth::ReadSignedUserInfo(compact, *keys, complete, clock_);
}

Task<oauth::LogoutToken> ProviderConnection::VerifyLogoutToken(std::string compact) {
  const auto metadata = co_await Metadata();
  if (!metadata) co_return Fail(Errc::kProviderTrouble, metadata.error().ToLogString());
  const std::string uri = metadata->jwks_uri;
  SALLYPORT_CO_TRY(const auto complete, Complete({}, *metadata));
  auto keys = co_await Keys(uri, false);
  if (!keys) co_return Fail(Errc::kProviderTrouble, keys.error().ToLogString());
  auto verified = oauth::VerifyLogoutToken(compact, **keys, complete, clock_);
  if (verified || !AsksForNewerKeys(verified.error(), compact)) co_return verified;
  keys = co_await Keys(uri, true);
  if (!keys) co_return Fail(Errc::kProviderTrouble, keys.error().ToLogString());
  co_return oauth::VerifyLogoutToken(compact, **keys, complete, clock_);
}

Task<void> ProviderConnection::CheckKeys() {
  SALLYPORT_CO_TRY(const auto metadata, co_await Metadata());
  SALLYPORT_CO_CHECK(co_await Keys(metadata.jwks_uri, false));
  co_return Result<void>{};
}

Result<oauth::ClientIdentity> ProviderConnection::Client() const {
  oauth::ClientIdentity client;
  client.client_id = client_id();
  client.id_parameter = spec().token.client_id_parameter;
  client.secret_parameter = spec().token.client_secret_parameter;
  client.key = key_;
  if (key_) {
    const auto algorithm = AlgorithmFor(key_->private_key()->type());
    if (!algorithm) return Fail(oauth::Errc::kInvalidClientSetup, "private_key is of a type that cannot sign");
    client.key_algorithm = *algorithm;
  }
  if (!spec().token.self_signed_secret) {
    client.secret = options_.credentials.client_secret.Clone();
    return client;
  }
  if (!key_) return Fail(oauth::Errc::kInvalidClientSetup, "private_key is missing");
  SALLYPORT_TRY(client.secret, oauth::MakeAppleClientSecret({options_.credentials.team_id, options_.credentials.key_id, *key_->private_key()},
                                                            client_id(), spec().issuer, clock_.Now()));
  return client;
}

Task<net::OutboundResponse> ProviderConnection::Post(std::string url, oauth::FormParameters form) {
  SALLYPORT_CO_TRY(const auto metadata, co_await Metadata());
  SALLYPORT_CO_TRY(const auto client, Client());
  oauth::ClientRequest authenticated;
  authenticated.form = std::move(form);
  const auto method = MethodFor(spec(), metadata);
  if (method != oauth::ClientAuthMethod::kSecretBasic) {   // authentication names the client; a pushed request has done so already
    std::erase_if(authenticated.form, [&](const http::Parameter& p) { return p.name == client.id_parameter; });
  }
  SALLYPORT_CO_CHECK(oauth::AddClientAuthentication(method, client, metadata.token_endpoint, clock_.Now(), random_, authenticated));
  net::OutboundRequest request;
  if (spec().token.by_get && url == metadata.token_endpoint) {
    request.url = oauth::WithQuery(url, authenticated.form);
  } else {
    request.method = "POST";
    request.url = std::move(url);
    request.body = oauth::EncodeForm(authenticated.form);
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  }
  request.headers.emplace_back("Accept", "application/json");
  for (auto& header : authenticated.headers) request.headers.push_back(std::move(header));
  co_return co_await Send(std::move(request));
}

Task<net::OutboundResponse> ProviderConnection::Send(net::OutboundRequest request) {
  request.timeout = kTimeout;
  request.max_response_bytes = kMaxAnswerBytes;
  request.allow_private = options_.allow_private_network;
  co_return co_await http_.Send(std::move(request));
}

}  // namespace sallyport::signin
