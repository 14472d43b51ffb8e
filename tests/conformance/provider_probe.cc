// SPDX-License-Identifier: Apache-2.0
// What Sallyport makes of a provider, as JSON, for next_auth/providers.test.mjs: one request a line on standard input, one
// answer a line on standard output. Not part of the product.
//
// Request: {settings: {id, issuer, …}, token: the token answer, answers: {"METHOD URL without query": body}, claims: of the ID
// token, user: of the callback's form}; "USERINFO" stands for the endpoint that discovery names. Answer: {spec, calls, profile} or {problems}.
#include <iostream>
#include <string>

#include "sallyport/base/json.h"
#include "sallyport/signin/providers/authorization_parameters.h"
#include "sallyport/signin/providers/profile.h"
#include "sallyport/signin/providers/profile_call.h"
#include "sallyport/signin/providers/provider_table.h"
#include "sallyport/signin/providers/resolve_provider.h"

namespace {

using namespace sallyport;
using namespace sallyport::signin;

constexpr std::string_view kClientId = "client-1";

std::optional<std::string> Text(const json::object& object, std::string_view name) {
  const auto text = GetString(object, name);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

json::object ObjectAt(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_object() ? value->get_object() : json::object();
}

ProviderSettings SettingsFrom(const json::object& given) {
  ProviderSettings settings;
  settings.id = Text(given, "id").value_or("");
  settings.client_id = kClientId;
  settings.issuer = Text(given, "issuer");
  settings.tenant = Text(given, "tenant");
  settings.discovery_url = Text(given, "discovery_url");
  settings.userinfo_endpoint = Text(given, "userinfo_endpoint");
  for (const auto& header : ObjectAt(given, "userinfo_headers")) {
    settings.userinfo_headers.push_back({std::string(header.key()), std::string(header.value().as_string())});
  }
  return settings;
}

json::array Pairs(const std::vector<Parameter>& parameters) {
  json::array out;
  for (const auto& [name, value] : parameters) out.push_back(json::array{name, value});
  return out;
}

std::string_view NameOf(ClientAuthentication authentication) {
  switch (authentication) {
    case ClientAuthentication::kBasic: return "client_secret_basic";
    case ClientAuthentication::kPost: return "client_secret_post";
    case ClientAuthentication::kPrivateKeyJwt: return "private_key_jwt";
    case ClientAuthentication::kNone: return "none";
  }
  return "";
}

json::object Describe(const ProviderSpec& spec) {
  return {{"name", spec.name},
          {"kind", spec.kind == ProviderKind::kOidc ? "oidc" : "oauth"},
          {"issuer", spec.issuer},
          {"discovery", spec.discovery_url},
          {"authorization", spec.authorization.endpoint},
          {"fragment", spec.authorization.fragment},
          {"parameters", Pairs(StaticAuthorizationParameters(spec, kClientId))},
          {"token", spec.token.endpoint},
          {"authentication", NameOf(spec.token.authentication)},
          {"pkce", spec.pkce},
          {"nonce", spec.nonce},
          {"from_userinfo", spec.profile_source == ProfileSource::kUserinfo}};
}

json::value OrNull(const std::optional<std::string>& text) { return text ? json::value(*text) : json::value(nullptr); }

json::object Answer(const json::object& request) {
  const auto spec = ResolveProvider(SettingsFrom(ObjectAt(request, "settings")));
  json::object out;
  if (!spec) {
    json::array problems;
    for (const auto& problem : spec.error()) problems.push_back(json::value(problem.key + ": " + problem.message));
    out["problems"] = std::move(problems);
    return out;
  }
  out["spec"] = Describe(*spec);
  const auto token = ObjectAt(request, "token"), answers = ObjectAt(request, "answers");
  auto profile = ObjectAt(request, "claims");
  json::array calls;
  for (const auto& profile_request : spec->profile_requests) {
    const auto call = BuildProfileCall(profile_request, "USERINFO", kClientId, token);
    if (!call) {
      out["error"] = call.error().ToLogString();
      return out;
    }
    calls.push_back(json::object{{"method", call->method}, {"url", call->url}, {"headers", Pairs(call->headers)}, {"body", call->body}});
    const auto* answer = answers.if_contains(call->method + " " + call->url.substr(0, call->url.find('?')));
    if (!answer && profile_request.optional) continue;
    const auto added = AddToProfile(profile_request, answer ? *answer : json::value(), profile);
    if (!added) out["error"] = added.error().ToLogString();
  }
  AddTokenMembers(*spec, token, profile);
  if (const auto* user = request.if_contains("user"); user && spec->user_in_callback) profile["user"] = *user;
  out["calls"] = std::move(calls);
  const auto mapped = MapProfile(*spec, profile);
  if (!mapped) {
    out["error"] = mapped.error().ToLogString();
    return out;
  }
  out["profile"] = json::object{{"id", mapped->id}, {"name", OrNull(mapped->name)}, {"email", OrNull(mapped->email)}, {"image", OrNull(mapped->image)},
                                {"email_verified", mapped->email_verified}};
  return out;
}

json::object Table() {
  json::object out;
  for (const auto* row : KnownProviders()) out[row->id] = row->kind == ProviderKind::kOidc ? "oidc" : "oauth";
  return out;
}

}  // namespace

int main() {
  std::cout << json::serialize(Table()) << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const auto request = ParseJsonObject(line);
    std::cout << json::serialize(request ? Answer(*request) : json::object{{"error", "the request is no JSON object"}}) << std::endl;
  }
}
