// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <fstream>
#include <algorithm>

#include "sallyport/config/provider_environment.h"
#include "sallyport/config/sections.h"
#include "sallyport/signin/providers/options.h"

namespace sallyport::config {
namespace {

using signin::ClientAuthentication;
using signin::ProviderKind;
using signin::ProfileSource;

constexpr std::size_t kMaxFileSecretBytes = 64 * 1024;

void ReadOptional(Section& provider, std::string_view key, std::optional<std::string>& out) {
  std::string text;
  if (provider.Read(key, text)) out = std::move(text);
}

void ReadOptional(Section& provider, std::string_view key, std::optional<bool>& out) {
  bool value = false;
  if (provider.Read(key, value)) out = value;
}

// { name = "value", … }
void ReadPairs(Section& provider, std::string_view key, std::vector<signin::Parameter>& out) {
  const auto* value = provider.Find(key);
  if (!value) return;
  if (value->kind != RawValue::Kind::kTable) return provider.Report(key, "must be a table of strings", fmt::format("{} = {{ name = \"value\" }}", key));
  for (const auto& [name, member] : value->members) {
    if (member.kind != RawValue::Kind::kString) {
      provider.ReportAt(member.line, key, fmt::format("'{}' must be a string, not {}", name, NameOf(member.kind)));
    } else if (!member.incomplete) {
      out.push_back({name, member.text});
    }
  }
}

// `key`, or the text of the file that `key`_file names. Never quoted (S62).
void ReadSecret(Section& provider, const std::string& key, const std::string& folder, Secret& out) {
  std::string text, path;
  const auto file_key = key + "_file";
  if (provider.Has(key) && provider.Has(file_key)) return provider.Report(file_key, key + " is set too", "keep one of them");
  if (provider.Read(key, text)) out = Secret(std::move(text));
  if (!provider.Read(file_key, path)) return;
  std::ifstream file(InFolder(folder, path), std::ios::binary);
  std::string content(kMaxFileSecretBytes + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  while (content.ends_with('\n') || content.ends_with('\r')) content.pop_back();
  if (content.empty() || content.size() > kMaxFileSecretBytes) {
    return provider.Report(file_key, "cannot be read, is empty, or is too long", "write what the provider gave you into it, and nothing else");
  }
  out = Secret(std::move(content));
}

signin::ProviderSettings ReadSettings(Section& provider, const std::string& name) {
  signin::ProviderSettings settings;
  settings.id = name;
  provider.Read("type", settings.type);
  ProviderKind kind{};
  if (provider.ReadChoice<ProviderKind>("kind", kind, {{"oidc", ProviderKind::kOidc}, {"oauth", ProviderKind::kOAuth2}})) settings.kind = kind;
  const std::pair<std::string_view, std::optional<std::string>*> texts[] = {
      {"name", &settings.name}, {"issuer", &settings.issuer}, {"tenant", &settings.tenant}, {"discovery_url", &settings.discovery_url},
      {"authorization_endpoint", &settings.authorization_endpoint}, {"token_endpoint", &settings.token_endpoint},
      {"userinfo_endpoint", &settings.userinfo_endpoint}, {"scope", &settings.scope}, {"id_token_alg", &settings.id_token_alg},
      {"profile_id", &settings.profile_id}, {"profile_name", &settings.profile_name}, {"profile_email", &settings.profile_email},
      {"profile_image", &settings.profile_image}, {"profile_email_verified", &settings.profile_email_verified}};
  for (const auto& [key, target] : texts) ReadOptional(provider, key, *target);
  std::string mode;
  if (provider.ReadChoice<std::string>("response_mode", mode, {{"query", "query"}, {"form_post", "form_post"}})) settings.response_mode = mode;
  ClientAuthentication authentication{};
  if (provider.ReadChoice<ClientAuthentication>("client_authentication", authentication,
                                                {{"client_secret_basic", ClientAuthentication::kBasic},
                                                 {"client_secret_post", ClientAuthentication::kPost},
                                                 {"private_key_jwt", ClientAuthentication::kPrivateKeyJwt},
                                                 {"none", ClientAuthentication::kNone}})) {
    settings.client_authentication = authentication;
  }
  ProfileSource source{};
  if (provider.ReadChoice<ProfileSource>("profile_from", source, {{"id_token", ProfileSource::kIdToken}, {"userinfo", ProfileSource::kUserinfo}})) {
    settings.profile_from = source;
  }
  ReadPairs(provider, "authorization_parameters", settings.authorization_parameters);
  ReadPairs(provider, "userinfo_headers", settings.userinfo_headers);
  ReadOptional(provider, "pkce", settings.pkce);
  ReadOptional(provider, "nonce", settings.nonce);
  return settings;
}

// For a name that is nearly a known provider's.
std::optional<std::string> NearlyKnown(const signin::ProviderSettings& settings) {
  const auto& type = settings.type.empty() ? settings.id : settings.type;
  if (signin::FindKnownProvider(type)) return std::nullopt;
  std::vector<std::string> ids;
  for (const auto* row : signin::KnownProviders()) ids.emplace_back(row->id);
  const auto nearest = Nearest(type, ids);
  return nearest ? std::optional(fmt::format("did you mean '{}'?", *nearest)) : std::nullopt;
}

}  // namespace

void ReadProvider(Section& provider, const std::string& name, const std::string& folder, const Environment& environment, Config& out) {
  if (!IsProviderId(name)) return provider.Report("", "a provider's name is 1 to 64 of a-z, 0-9, - and _: it stands in paths");
  // What sessions and accounts call the other ways to sign in.
  for (const char* other : {"adopted", "backend", "credentials", "email", "password"}) {
    if (name == other) return provider.Report("", fmt::format("'{}' is the name of another sign-in method", name), "choose another name");
  }
  for (const auto& taken : ProviderIdsInUse(out.signin)) {
    if (name == taken) provider.Report("", fmt::format("'{}' is the id of another sign-in method", name), "give one of them another");
  }
  bool enabled = true;
  provider.Read("enabled", enabled);
  signin::ProviderOptions options;
  provider.Read("trust_email", options.trust_email);
  provider.Read("allow_registration", options.allow_registration);
  provider.Read("allow_private_network", options.allow_private_network);
  provider.ReadChoice<bool>("logout", options.sign_out_there, {{"local", false}, {"provider", true}});

  auto settings = ReadSettings(provider, name);
  auto& credentials = options.credentials;
  provider.Read("client_id", credentials.client_id);
  provider.Read("key_id", credentials.key_id);
  provider.Read("team_id", credentials.team_id);
  ReadSecret(provider, "client_secret", folder, credentials.client_secret);
  ReadSecret(provider, "private_key", folder, credentials.private_key);
  AddFromEnvironment(environment, {provider.Has("client_id"), provider.Has("client_secret") || provider.Has("client_secret_file"),
                                   provider.Has("issuer") || provider.Has("tenant")}, settings, credentials);
  if (!enabled) return;
  settings.allow_http = options.allow_private_network;

  auto spec = signin::ResolveProvider(settings);
  auto problems = spec ? std::vector<signin::ProviderProblem>() : std::move(spec).error();
  if (spec) {
    options.spec = *std::move(spec);
    problems = signin::CheckCredentials(options.spec, credentials);
  }
  const auto nearest = NearlyKnown(settings);
  for (auto& problem : problems) {
    if (nearest && (problem.key.empty() || problem.key == "type")) problem.hint = *nearest;
    const auto* value = problem.key.empty() ? nullptr : provider.Find(problem.key);
    const auto* file = problem.key == "client_secret" || problem.key == "private_key" ? provider.Find(problem.key + "_file") : nullptr;
    if ((value && value->incomplete) || (file && credentials.private_key.empty())) continue;   // a problem already
    provider.Report(problem.key, std::move(problem.message), std::move(problem.hint));
  }
  if (options.trust_email) {
    out.warnings.push_back(fmt::format("signin.provider.{}.trust_email: whoever can choose an address there can take over the user who has it here.", name));
  }
  for (const auto& [key, value] : {std::pair("pkce", settings.pkce), std::pair("nonce", settings.nonce)}) {
    if (value == false) out.warnings.push_back(fmt::format("signin.provider.{}.{} is false: a stolen answer of the provider is easier to use.", name, key));
  }
  if (problems.empty()) out.signin.providers.push_back(std::move(options));
}

}  // namespace sallyport::config
