// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/provider_resolution.h"

#include <fmt/format.h>

#include <algorithm>

#include "sallyport/base/url.h"

namespace sallyport::signin {
namespace {

bool IsUrlWithPlaceholders(std::string_view text) {
  std::string filled;
  while (true) {
    const auto open = text.find('{');
    filled += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) return false;
    filled += 'x';
    text.remove_prefix(close + 1);
  }
  return ParseUrl(filled).has_value();
}

}  // namespace

std::string WithoutSlash(std::string text) {
  if (text.ends_with('/')) text.pop_back();
  return text;
}

void Replace(std::string& text, std::string_view placeholder, std::string_view value) {
  for (std::size_t at = 0; (at = text.find(placeholder, at)) != std::string::npos; at += value.size()) text.replace(at, placeholder.size(), value);
}

bool IsOneLine(std::string_view text) {
  return text.size() <= 4096 && std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::vector<Parameter> Merge(const ProviderResolution& resolution, const RowParameters& own, const std::vector<Parameter>& given) {
  std::vector<Parameter> out;
  for (const auto& parameter : own) {
    if (!parameter.name.empty()) out.push_back({std::string(parameter.name), resolution.Filled(parameter.value)});
  }
  for (const auto& parameter : given) {
    const auto same = std::ranges::find(out, parameter.name, &Parameter::name);
    if (same != out.end()) same->value = parameter.value;
    else out.push_back(parameter);
  }
  std::erase_if(out, [](const auto& parameter) { return parameter.value.empty(); });
  return out;
}

void ProviderResolution::Problem(std::string_view key, std::string message, std::string hint) {
  problems.push_back({std::string(key), std::move(message), std::move(hint)});
}

bool ProviderResolution::HasProblem(std::string_view key) const {
  return std::ranges::find(problems, key, &ProviderProblem::key) != problems.end();
}

std::string ProviderResolution::Filled(std::string_view text) const {
  std::string out(text);
  Replace(out, "{issuer}", WithoutSlash(issuer));
  Replace(out, "{tenant}", tenant);
  return out;
}

std::string ProviderResolution::Endpoint(std::string_view key, const std::optional<std::string>& given_url, std::string_view own) {
  std::string url;
  if (given_url) {
    Override(key, given_url, url);
    return url;
  }
  if (own.find("{tenant}") != std::string_view::npos && tenant.empty()) {
    if (!HasProblem("tenant")) Problem("tenant", "is required", fmt::format("it is {}", row.tenant_meaning));
    return url;
  }
  if (own.empty() && !oidc()) {
    Problem(key, "is required", known && !row.note.empty() ? std::string(row.note) : "kind = \"oauth\" has no discovery: all three endpoints are needed");
  }
  return Filled(own);
}

void ProviderResolution::Override(std::string_view key, const std::optional<std::string>& given_url, std::string& out) {
  if (!given_url) return;
  const bool good = key == "userinfo_endpoint" ? IsUrlWithPlaceholders(*given_url) : ParseUrl(*given_url).has_value();
  if (!good) return Problem(key, "is not an absolute URL", "write it whole: \"https://id.example.com/…\"");
  CheckScheme(key, *given_url);
  out = *given_url;
}

void ProviderResolution::CheckScheme(std::string_view key, std::string_view url) {
  if (given.allow_http || url.starts_with("https://")) return;
  Problem(key, "is http://: secrets and codes would travel readable",
          "use https://; for a provider on this machine or in a private network: allow_private_network = true");
}

}  // namespace sallyport::signin
