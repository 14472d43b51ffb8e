// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/provider_environment.h"

#include <fmt/format.h>

#include "sallyport/config/sections.h"

namespace sallyport::config {

void AddFromEnvironment(const Environment& environment, InFile in_file, signin::ProviderSettings& settings,
                        signin::ProviderCredentials& credentials) {
  const auto variable = [&](std::string_view setting) {
    return environment(signin::EnvironmentName(settings.id, setting)).value_or("");
  };
  if (!in_file.client_id) credentials.client_id = variable("ID");
  if (!in_file.client_secret && credentials.private_key.empty()) credentials.client_secret = Secret(variable("SECRET"));
  if (auto issuer = variable("ISSUER"); !in_file.issuer && !issuer.empty()) settings.issuer = std::move(issuer);
  settings.client_id = credentials.client_id;
  settings.secret_is_ready = !credentials.client_secret.empty() && credentials.private_key.empty();
}


void AddProvidersOfEnvironment(const std::set<std::string>& in_file, Reading& reading, const Environment& environment, Config& out) {
  for (const auto* row : signin::KnownProviders()) {
    if (in_file.contains(std::string(row->id))) continue;
    signin::ProviderSettings settings;
    signin::ProviderOptions options;
    settings.id = row->id;
    AddFromEnvironment(environment, {}, settings, options.credentials);
    const auto id_name = signin::EnvironmentName(row->id, "ID"), secret_name = signin::EnvironmentName(row->id, "SECRET");
    const bool id = !options.credentials.client_id.empty(), secret = !options.credentials.client_secret.empty();
    if (id != secret) {
      out.warnings.push_back(fmt::format("{} is set but {} is not: {} is not offered.", id ? id_name : secret_name, id ? secret_name : id_name, row->name));
    }
    if (!id || !secret) continue;
    auto spec = signin::ResolveProvider(settings);
    if (!spec) {
      for (auto& problem : spec.error()) {
        const auto key = problem.key == "issuer" ? signin::EnvironmentName(row->id, "ISSUER") : id_name;
        auto message = problem.key == "issuer" || problem.key.empty() ? problem.message : fmt::format("is set, but {} {}", problem.key, problem.message);
        auto hint = problem.key == "issuer" ? problem.hint : fmt::format("add [signin.provider.{}] to the file, or unset the variable", row->id);
        reading.problems.push_back({"environment", 0, key, std::move(message), std::move(hint)});
      }
      continue;
    }
    options.spec = *std::move(spec);
    out.signin.providers.push_back(std::move(options));
  }
}

}  // namespace sallyport::config
