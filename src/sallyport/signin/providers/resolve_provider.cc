// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/resolve_provider.h"

#include <fmt/format.h>

#include <algorithm>

#include "sallyport/base/url.h"
#include "sallyport/signin/providers/profile_expression.h"
#include "sallyport/signin/providers/provider_table.h"

namespace sallyport::signin {
namespace {

constexpr std::string_view kStandardDiscovery = "/.well-known/openid-configuration";
// What a transaction sets (S34), and what has a key of its own.
constexpr std::string_view kNotAsParameter[] = {"client_id", "redirect_uri", "response_type", "state", "nonce", "code_challenge",
                                                "code_challenge_method", "scope", "response_mode", "request", "request_uri"};
constexpr std::string_view kNotAsHeader[] = {"authorization", "host", "content-length", "transfer-encoding", "connection", "cookie"};

std::string WithoutSlash(std::string text) {
  if (text.ends_with('/')) text.pop_back();
  return text;
}

void Replace(std::string& text, std::string_view placeholder, std::string_view value) {
  for (std::size_t at = 0; (at = text.find(placeholder, at)) != std::string::npos; at += value.size()) text.replace(at, placeholder.size(), value);
}

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

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool IsToken(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  });
}

bool IsOneLine(std::string_view text) {
  return text.size() <= 4096 && std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// The row's, each replaced or removed by the given one of the same name.
std::vector<Parameter> Merge(const RowParameters& own, const std::vector<Parameter>& given) {
  std::vector<Parameter> out;
  for (const auto& parameter : own) {
    if (!parameter.name.empty()) out.push_back({std::string(parameter.name), std::string(parameter.value)});
  }
  for (const auto& parameter : given) {
    const auto same = std::ranges::find(out, parameter.name, &Parameter::name);
    if (same != out.end()) same->value = parameter.value;
    else out.push_back(parameter);
  }
  return out;
}

class Resolver {
 public:
  explicit Resolver(const ProviderSettings& settings) : given_(settings) {}

  std::expected<ProviderSpec, std::vector<ProviderProblem>> Resolve() {
    if (!FindRow()) return std::unexpected(std::move(problems_));
    spec_.id = given_.id;
    spec_.name = given_.name.value_or(row_.name.empty() ? given_.id : std::string(row_.name));
    spec_.kind = row_.kind;
    spec_.console_url = row_.console;
    ResolveTenant();
    ResolveIssuer();
    ResolveAuthorization();
    ResolveToken();
    ResolveProfileRequests();
    ResolveMapping();
    spec_.pkce = given_.pkce.value_or(row_.pkce);
    spec_.nonce = spec_.kind == ProviderKind::kOidc && given_.nonce.value_or(row_.nonce);
    if (spec_.token.authentication == ClientAuthentication::kNone && !spec_.pkce) {
      Problem("pkce", "is what protects a client without a secret", "leave it out, or use another client_authentication");
    }
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    return std::move(spec_);
  }

 private:
  void Problem(std::string_view key, std::string message, std::string hint = {}) {
    problems_.push_back({std::string(key), std::move(message), std::move(hint)});
  }

  bool FindRow() {
    const auto* row = FindKnownProvider(given_.type.empty() ? given_.id : given_.type);
    if (!row && !given_.type.empty()) {
      Problem("type", fmt::format("'{}' is not a known provider", given_.type), "`sallyport providers` lists them");
      return false;
    }
    if (row && given_.kind && *given_.kind != row->kind) {
      Problem("kind", fmt::format("{} is known as {}", row->name, row->kind == ProviderKind::kOidc ? "\"oidc\"" : "\"oauth\""),
              "leave it out, or call the section by a name that is not a known provider's");
      return false;
    }
    if (!row && !given_.kind) {
      Problem("", fmt::format("'{}' is not a known provider", given_.id),
              "set type to one that `sallyport providers` lists, or kind = \"oidc\" with issuer, or kind = \"oauth\" with endpoints");
      return false;
    }
    known_ = row != nullptr;
    if (row) row_ = *row;
    else row_.kind = *given_.kind;
    return true;
  }

  void ResolveTenant() {
    tenant_ = given_.tenant.value_or(std::string(row_.default_tenant));
    if (!given_.tenant) return;
    if (row_.tenant_meaning.empty()) return Problem("tenant", "is of no use with this provider", "remove it");
    if (!IsToken(tenant_)) Problem("tenant", "must be 1 to 64 of A-Z, a-z, 0-9, -, _ and .", fmt::format("it is {}", row_.tenant_meaning));
    if (given_.issuer && row_.issuer.find("{tenant}") != std::string_view::npos) Problem("tenant", "issuer is set too", "keep one of them");
  }

  bool Uses(std::string_view placeholder) const {
    return row_.authorize.find(placeholder) != std::string_view::npos || row_.token.find(placeholder) != std::string_view::npos;
  }

  void ResolveIssuer() {
    issuer_ = given_.issuer.value_or(std::string(row_.issuer));
    Replace(issuer_, "{tenant}", tenant_);
    Replace(issuer_, "{client_id}", PercentEncode(given_.client_id));
    const bool oidc = spec_.kind == ProviderKind::kOidc;
    if (issuer_.empty()) {
      const bool all_given = given_.authorization_endpoint && given_.token_endpoint && given_.userinfo_endpoint;
      if (oidc || (Uses("{issuer}") && !all_given)) {
        Problem("issuer", "is required",
                row_.issuer_example.empty() ? "the provider's issuer, e.g. issuer = \"https://id.example.com\""
                                            : fmt::format("e.g. issuer = \"{}\"", row_.issuer_example));
      }
      return;
    }
    if (issuer_.find_first_of("{}?") != std::string::npos || !CheckUrl("issuer", issuer_)) {
      if (given_.issuer) return Problem("issuer", "is not an absolute https URL without a query", "write it as the provider says, e.g. \"https://id.example.com\"");
      return;
    }
    if (!row_.issuer_suffix.empty() && !WithoutSlash(issuer_).ends_with(row_.issuer_suffix)) issuer_ = WithoutSlash(issuer_) + std::string(row_.issuer_suffix);
    CheckScheme("issuer", issuer_);
    if (!oidc) {
      spec_.issuer = known_ ? Filled(row_.answer_issuer) : issuer_;
      return;
    }
    spec_.issuer = issuer_;
    spec_.issuer_has_tenant = row_.issuer_has_tenant;
    const bool tenant_missing = row_.discovery.find("{tenant}") != std::string_view::npos && tenant_.empty();
    spec_.discovery_url = row_.discovery.empty() || tenant_missing ? WithoutSlash(issuer_) + std::string(kStandardDiscovery) : Filled(row_.discovery);
    Override(given_.discovery_url, "discovery_url", spec_.discovery_url);
    spec_.id_token_alg = given_.id_token_alg.value_or(std::string(row_.id_token_alg));
  }

  void ResolveAuthorization() {
    auto& out = spec_.authorization;
    out.endpoint = Endpoint("authorization_endpoint", given_.authorization_endpoint, row_.authorize);
    out.client_id_parameter = row_.client_id_parameter;
    out.response_type = row_.response_type;
    out.response_mode = given_.response_mode.value_or(std::string(row_.response_mode));
    out.fragment = row_.fragment;
    const bool oidc = spec_.kind == ProviderKind::kOidc;
    out.scope = given_.scope.value_or(row_.scope.empty() && oidc ? "openid profile email" : std::string(row_.scope));
    if (oidc && !known_ && (" " + out.scope + " ").find(" openid ") == std::string::npos) {
      Problem("scope", "has no \"openid\": the provider would send no ID token", "e.g. scope = \"openid profile email\"");
    }
    if (!IsOneLine(out.scope)) Problem("scope", "must be one line");
    for (const auto& parameter : given_.authorization_parameters) {
      if (std::ranges::find(kNotAsParameter, parameter.name) != std::end(kNotAsParameter)) {
        Problem("authorization_parameters", fmt::format("'{}' is set by Sallyport", parameter.name), "scope and response_mode are keys of their own");
      }
    }
    out.parameters = Merge(row_.parameters, given_.authorization_parameters);
    for (auto& parameter : out.parameters) parameter.value = Filled(parameter.value);
    std::erase_if(out.parameters, [](const auto& parameter) { return parameter.value.empty(); });
  }

  void ResolveToken() {
    auto& out = spec_.token;
    out.endpoint = Endpoint("token_endpoint", given_.token_endpoint, row_.token);
    out.authentication = given_.client_authentication.value_or(row_.authentication);
    out.grant = row_.grant;
    out.by_get = row_.token_by_get;
    out.client_id_parameter = row_.client_id_parameter;
    out.client_secret_parameter = row_.client_secret_parameter;
    out.self_signed_secret = row_.self_signed_secret;
    if (given_.client_authentication && (row_.self_signed_secret || row_.grant != TokenGrant::kAuthorizationCode || row_.token_by_get)) {
      Problem("client_authentication", fmt::format("{} knows one way only", row_.name), "leave it out");
    }
  }

  void ResolveProfileRequests() {
    const bool oidc = spec_.kind == ProviderKind::kOidc;
    spec_.profile_source = given_.profile_from.value_or(oidc && !row_.from_userinfo ? ProfileSource::kIdToken : ProfileSource::kUserinfo);
    if (!row_.token_member.empty()) spec_.token_members = {std::string(row_.token_member)};
    if (spec_.profile_source == ProfileSource::kIdToken) {
      if (!oidc) Problem("profile_from", "\"id_token\" is for kind = \"oidc\"", "leave it out");
      return;
    }
    const auto own = given_.issuer && !row_.own_userinfo.empty() ? row_.own_userinfo : row_.userinfo;
    ProfileRequest first;
    first.url = Endpoint("userinfo_endpoint", given_.userinfo_endpoint, own);
    first.method = row_.userinfo_method;
    first.bearer = row_.bearer;
    first.headers = Headers();
    first.body = row_.userinfo_body;
    first.body_type = row_.userinfo_body_type;
    first.unwrap = row_.unwrap;
    spec_.profile_requests.push_back(first);
    if (row_.later_url.empty()) return;
    ProfileRequest later;
    later.url = row_.later_url;
    Replace(later.url, "{userinfo}", first.url.substr(0, first.url.find('?')));
    later.headers = first.headers;
    later.into = row_.later_into;
    later.unwrap = row_.later_unwrap;
    later.optional = true;
    spec_.profile_requests.push_back(std::move(later));
  }

  std::vector<Parameter> Headers() {
    for (const auto& header : given_.userinfo_headers) {
      if (!IsToken(header.name) || !IsOneLine(header.value) || std::ranges::find(kNotAsHeader, Lower(header.name)) != std::end(kNotAsHeader)) {
        Problem("userinfo_headers", fmt::format("'{}' cannot be set", header.name), "names are letters, digits and -; values are one line");
      }
    }
    auto headers = Merge(row_.headers, given_.userinfo_headers);
    std::erase_if(headers, [](const auto& header) { return header.value.empty(); });
    if (!row_.required_header.empty() && std::ranges::find(headers, row_.required_header, &Parameter::name) == headers.end()) {
      Problem("userinfo_headers", fmt::format("{} wants {}", row_.name, row_.required_header),
              fmt::format("userinfo_headers = {{ {} = \"${{API_KEY}}\" }}", row_.required_header));
    }
    return headers;
  }

  void ResolveMapping() {
    auto& out = spec_.profile;
    out.id = row_.profile_id;
    out.name = row_.profile_name;
    out.email = row_.profile_email;
    out.image = Filled(row_.profile_image);
    out.image_function = row_.image_function;
    out.email_function = row_.email_function;
    const bool standard_flag = row_.verified.empty() && spec_.kind == ProviderKind::kOidc;
    out.verified = standard_flag ? "email_verified" : std::string(row_.verified);
    out.verification = row_.verification.value_or(out.verified.empty() ? EmailVerification::kNever : EmailVerification::kFlag);
    Expression("profile_id", given_.profile_id, out.id);
    if (out.id.empty()) Problem("profile_id", "must not be empty: it is who signed in");
    Expression("profile_name", given_.profile_name, out.name);
    if (Expression("profile_image", given_.profile_image, out.image)) out.image_function = nullptr;
    // What was known about the row's address says nothing about another one.
    if (Expression("profile_email", given_.profile_email, out.email)) {
      out.email_function = nullptr;
      if (known_) out.verification = EmailVerification::kNever;
    }
    if (!given_.profile_email_verified) return;
    out.verified = *given_.profile_email_verified;
    out.verification = out.verified.empty() ? EmailVerification::kNever : EmailVerification::kFlag;
    if (const auto path = ProfilePath::Parse(out.verified); !out.verified.empty() && !path) Problem("profile_email_verified", path.error().detail);
  }

  bool Expression(std::string_view key, const std::optional<std::string>& given, std::string& out) {
    if (!given) return false;
    if (const auto parsed = ProfileExpression::Parse(*given); !parsed) Problem(key, "is no expression: " + parsed.error().detail, "e.g. \"data.id\" or \"{first} {last}\"");
    out = *given;
    return true;
  }

  // What is known at the start; placeholders of ProfileRequest stay.
  std::string Filled(std::string_view text) const {
    std::string out(text);
    Replace(out, "{issuer}", WithoutSlash(issuer_));
    Replace(out, "{tenant}", tenant_);
    return out;
  }

  std::string Endpoint(std::string_view key, const std::optional<std::string>& given, std::string_view own) {
    std::string url;
    if (!given) {
      if (own.find("{tenant}") != std::string_view::npos && tenant_.empty()) {
        if (std::ranges::find(problems_, "tenant", &ProviderProblem::key) == problems_.end()) {
          Problem("tenant", "is required", fmt::format("it is {}", row_.tenant_meaning));
        }
        return url;
      }
      if (own.empty() && spec_.kind == ProviderKind::kOAuth2) {
        Problem(key, "is required", known_ && !row_.note.empty() ? std::string(row_.note) : "kind = \"oauth\" has no discovery: all three endpoints are needed");
      }
      return Filled(own);
    }
    Override(given, key, url);
    return url;
  }

  void Override(const std::optional<std::string>& given, std::string_view key, std::string& out) {
    if (!given) return;
    if (CheckUrl(key, *given)) {
      CheckScheme(key, *given);
      out = *given;
    } else {
      Problem(key, "is not an absolute URL", "write it whole: \"https://id.example.com/…\"");
    }
  }

  bool CheckUrl(std::string_view key, const std::string& url) const {
    return key == "userinfo_endpoint" ? IsUrlWithPlaceholders(url) : ParseUrl(url).has_value();
  }

  void CheckScheme(std::string_view key, std::string_view url) {
    if (given_.allow_http || url.starts_with("https://")) return;
    Problem(key, "is http://: secrets and codes would travel readable",
            "use https://; for a provider on this machine or in a private network: allow_private_network = true");
  }

  const ProviderSettings& given_;
  ProviderRow row_;
  bool known_ = false;
  std::string issuer_, tenant_;
  ProviderSpec spec_;
  std::vector<ProviderProblem> problems_;
};

}  // namespace

std::expected<ProviderSpec, std::vector<ProviderProblem>> ResolveProvider(const ProviderSettings& settings) { return Resolver(settings).Resolve(); }

std::string EnvironmentName(std::string_view provider_id, std::string_view setting) {
  std::string id(provider_id);
  std::ranges::transform(id, id.begin(), [](char c) { return c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return fmt::format("AUTH_{}_{}", id, setting);
}

}  // namespace sallyport::signin
