// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sallyport/crypto/key_pair.h"
#include "sallyport/signin/providers/resolve_provider.h"

namespace sallyport::signin {
namespace {

void CheckKey(const ProviderSpec& spec, const ProviderCredentials& credentials, std::vector<ProviderProblem>& problems) {
  if (credentials.private_key.empty()) {
    problems.push_back({"private_key", "is required", "PKCS #8 PEM, best from a file: private_key_file = \"key.pem\""});
    return;
  }
  const auto key = crypto::PrivateKey::FromPem(credentials.private_key.Reveal());
  if (!key) {
    problems.push_back({"private_key", "is not a private key", "PEM that begins with -----BEGIN PRIVATE KEY-----, without a passphrase"});
  } else if (spec.token.self_signed_secret && key->type() != crypto::KeyType::kP256) {
    problems.push_back({"private_key", "is not an ES256 (P-256) key", "take the .p8 file as the provider gave it"});
  }
}

}  // namespace

std::vector<ProviderProblem> CheckCredentials(const ProviderSpec& spec, const ProviderCredentials& credentials) {
  std::vector<ProviderProblem> problems;
  const auto where = spec.console_url.empty() ? std::string("the provider gives it when you register the application")
                                              : fmt::format("from {}", spec.console_url);
  if (credentials.client_id.empty()) {
    problems.push_back({"client_id", "is required", fmt::format("{}; or set {}", where, EnvironmentName(spec.id, "ID"))});
  }
  const auto authentication = spec.token.authentication;
  if (spec.token.self_signed_secret) {
    if (credentials.team_id.empty()) problems.push_back({"team_id", "is required", "the ten characters of the developer team"});
    if (credentials.key_id.empty()) problems.push_back({"key_id", "is required", "the ten characters of the key's id"});
    CheckKey(spec, credentials, problems);
  } else if (authentication == ClientAuthentication::kPrivateKeyJwt) {
    CheckKey(spec, credentials, problems);
  } else if (authentication != ClientAuthentication::kNone && credentials.client_secret.empty()) {
    problems.push_back({"client_secret", "is required", fmt::format("{}; or set {}", where, EnvironmentName(spec.id, "SECRET"))});
  }
  return problems;
}

}  // namespace sallyport::signin
