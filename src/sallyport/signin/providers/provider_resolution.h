// SPDX-License-Identifier: Apache-2.0
// What the steps of resolve_provider.h share: the keys that were given, the row, what is already filled in, and every
// problem found. For this folder only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/signin/providers/resolve_provider.h"

namespace sallyport::signin {

struct ProviderResolution {
  const ProviderSettings& given;
  ProviderRow row = {};
  bool known = false;                          // the row is one of the table
  std::string issuer, tenant;
  ProviderSpec spec = {};
  std::vector<ProviderProblem> problems = {};

  bool oidc() const { return row.kind == ProviderKind::kOidc; }
  void Problem(std::string_view key, std::string message, std::string hint = {});
  bool HasProblem(std::string_view key) const;
  // `text` of the row with {issuer} and {tenant} in it filled in; placeholders of ProfileRequest stay.
  std::string Filled(std::string_view text) const;
  // The given endpoint, else the row's. Empty with a problem when there must be one; empty for OIDC: from discovery.
  std::string Endpoint(std::string_view key, const std::optional<std::string>& given_url, std::string_view own);
  // A given URL replaces `out`; a wrong one is a problem.
  void Override(std::string_view key, const std::optional<std::string>& given_url, std::string& out);
  void CheckScheme(std::string_view key, std::string_view url);
};

// The steps, in order; each needs those before it.
bool FindRow(ProviderResolution& resolution);          // false: there is nothing to go on with
void ResolveIssuer(ProviderResolution& resolution);    // tenant, issuer, discovery
void ResolveEndpoints(ProviderResolution& resolution); // authorization and token
void ResolveProfile(ProviderResolution& resolution);   // profile requests and mapping

// Shared by the steps.
std::string WithoutSlash(std::string text);
void Replace(std::string& text, std::string_view placeholder, std::string_view value);
bool IsOneLine(std::string_view text);                 // at most 4096 bytes without controls
// The row's, each replaced by the given one of the same name; those with an empty value are left out.
std::vector<Parameter> Merge(const ProviderResolution& resolution, const RowParameters& own, const std::vector<Parameter>& given);

}  // namespace sallyport::signin
