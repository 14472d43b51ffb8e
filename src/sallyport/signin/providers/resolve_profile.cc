// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "sallyport/signin/providers/profile_expression.h"
#include "sallyport/signin/providers/provider_resolution.h"

namespace sallyport::signin {
namespace {

constexpr std::string_view kNotAsHeader[] = {"authorization", "host", "content-length", "transfer-encoding", "connection", "cookie"};

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool IsHeaderName(std::string_view name) {
  const auto fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; };
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, fits) &&
         std::ranges::find(kNotAsHeader, Lower(std::string(name))) == std::end(kNotAsHeader);
}

std::vector<Parameter> Headers(ProviderResolution& r) {
  for (const auto& header : r.given.userinfo_headers) {
    if (IsHeaderName(header.name) && IsOneLine(header.value)) continue;
    r.Problem("userinfo_headers", fmt::format("'{}' cannot be set", header.name), "names are letters, digits, - and _; values are one line");
  }
  auto headers = Merge(r, r.row.headers, r.given.userinfo_headers);
  const auto required = r.row.required_header;
  if (!required.empty() && std::ranges::find(headers, required, &Parameter::name) == headers.end()) {
    r.Problem("userinfo_headers", fmt::format("{} wants {}", r.row.name, required), fmt::format("userinfo_headers = {{ {} = \"${{API_KEY}}\" }}", required));
  }
  return headers;
}

void ResolveRequests(ProviderResolution& r) {
  const auto& row = r.row;
  r.spec.profile_source = r.given.profile_from.value_or(r.oidc() && !row.from_userinfo ? ProfileSource::kIdToken : ProfileSource::kUserinfo);
  if (!row.token_member.empty()) r.spec.token_members = {std::string(row.token_member)};
  if (r.spec.profile_source == ProfileSource::kIdToken) {
    if (!r.oidc()) r.Problem("profile_from", "\"id_token\" is for kind = \"oidc\"", "leave it out");
    return;
  }
  ProfileRequest first;
  first.url = r.Endpoint("userinfo_endpoint", r.given.userinfo_endpoint, r.given.issuer && !row.own_userinfo.empty() ? row.own_userinfo : row.userinfo);
  first.method = row.userinfo_method;
  first.bearer = row.bearer;
  first.headers = Headers(r);
  first.body = row.userinfo_body;
  first.body_type = row.userinfo_body_type;
  first.unwrap = row.unwrap;
  r.spec.profile_requests.push_back(first);
  if (row.later_url.empty()) return;
  ProfileRequest later;
  later.url = row.later_url;
  Replace(later.url, "{userinfo}", first.url.substr(0, first.url.find('?')));
  later.headers = first.headers;
  later.into = row.later_into;
  later.unwrap = row.later_unwrap;
  later.optional = true;
  r.spec.profile_requests.push_back(std::move(later));
}

bool Expression(ProviderResolution& r, std::string_view key, const std::optional<std::string>& given, std::string& out) {
  if (!given) return false;
  if (const auto parsed = ProfileExpression::Parse(*given); !parsed) {
    r.Problem(key, "is no expression: " + parsed.error().detail, "e.g. \"data.id\" or \"{first} {last}\"");
  }
  out = *given;
  return true;
}

void ResolveMapping(ProviderResolution& r) {
  auto& out = r.spec.profile;
  out.id = r.row.profile_id;
  out.name = r.row.profile_name;
  out.email = r.row.profile_email;
  out.image = r.Filled(r.row.profile_image);
  out.image_function = r.row.image_function;
  out.verified = r.row.verified.empty() && r.oidc() ? "email_verified" : std::string(r.row.verified);
  out.verification = r.row.verification.value_or(out.verified.empty() ? EmailVerification::kNever : EmailVerification::kFlag);
  Expression(r, "profile_id", r.given.profile_id, out.id);
  if (out.id.empty()) r.Problem("profile_id", "must not be empty: it is who signed in");
  Expression(r, "profile_name", r.given.profile_name, out.name);
  if (Expression(r, "profile_image", r.given.profile_image, out.image)) out.image_function = nullptr;
  // What was known about the row's address says nothing about another one.
  if (Expression(r, "profile_email", r.given.profile_email, out.email) && r.known) out.verification = EmailVerification::kNever;
  if (!r.given.profile_email_verified) return;
  out.verified = *r.given.profile_email_verified;
  out.verification = out.verified.empty() ? EmailVerification::kNever : EmailVerification::kFlag;
  if (const auto path = ProfilePath::Parse(out.verified); !out.verified.empty() && !path) r.Problem("profile_email_verified", path.error().detail);
}

}  // namespace

void ResolveProfile(ProviderResolution& r) {
  ResolveRequests(r);
  ResolveMapping(r);
  r.spec.user_in_callback = r.row.user_in_callback;
}

}  // namespace sallyport::signin
