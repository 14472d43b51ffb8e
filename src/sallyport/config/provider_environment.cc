// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/provider_environment.h"

namespace sallyport::config {

void AddFromEnvironment(const Environment& environment, InFile in_file, signin::ProviderSettings& settings,
                        signin::ProviderCredentials& credentials) {
  const auto variable = [&](std::string_view setting) {
    return environment(signin::EnvironmentName(settings.id, setting)).value_or("");
  };
  if (!in_file.client_id) credentials.client_id = variable("ID");
  if (!in_file.client_secret && credentials.private_key.empty()) credentials.client_secret = Secret(variable("SECRET"));
  if (auto issuer = variable("ISSUER"); !in_file.issuer && !issuer.empty()) settings.issuer = std::move(issuer);
}

}  // namespace sallyport::config
