// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/profile_fetch.h"

#include "sallyport/base/log.h"
#include "sallyport/http/media_type.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/userinfo.h"
#include "sallyport/signin/errc.h"
#include "sallyport/signin/providers/profile_call.h"

namespace sallyport::signin {
namespace {

constexpr std::size_t kMaxUserFormBytes = 4096;

net::OutboundRequest ToRequest(ProfileCall call) {
  net::OutboundRequest request;
  request.method = std::move(call.method);
  request.url = std::move(call.url);
  for (auto& header : call.headers) request.headers.emplace_back(std::move(header.name), std::move(header.value));
  request.body = std::move(call.body);
  return request;
}

// GitHub's list of addresses is an array; everything else that comes first must be an object.
Result<json::value> ReadAnswer(const net::OutboundResponse& response, bool first) {
  if (!first && response.status >= 200 && response.status < 300) {
    auto value = ParseJson(response.body, {.max_bytes = 512 * 1024});
    if (!value) return Fail(oauth::Errc::kMalformed, "profile: " + value.error().detail);
    return value;
  }
  SALLYPORT_TRY(auto object, oauth::ReadUserInfo(response.status, HeaderOf(response, "content-type"), response.body));
  return json::value(std::move(object));
}

Task<json::value> Ask(ProviderConnection& provider, const ProfileRequest& request, std::string userinfo_endpoint, const json::object& token_answer) {
  SALLYPORT_CO_TRY(auto call, BuildProfileCall(request, userinfo_endpoint, provider.client_id(), token_answer));
  SALLYPORT_CO_TRY(const auto response, co_await provider.Send(ToRequest(std::move(call))));
  if (response.status == 200 && http::IsMediaType(HeaderOf(response, "content-type"), "application/jwt")) {
    SALLYPORT_CO_TRY(auto claims, co_await provider.VerifyUserInfo(response.body));
    co_return json::value(std::move(claims));
  }
  co_return ReadAnswer(response, request.into.empty());
}

bool KnowsNobody(const json::object& claims) { return !claims.contains("email") && !claims.contains("name") && !claims.contains("nickname"); }

// Userinfo of OpenID Connect: about the same person, and the ID token's word stands.
Result<void> Merge(const json::object& id_claims, json::object& profile) {
  SALLYPORT_CHECK(oauth::CheckUserInfoSubject(profile, GetString(id_claims, "sub").value_or("")));
  for (const auto& claim : id_claims) profile[claim.key()] = claim.value();
  return {};
}

std::vector<ProfileRequest> RequestsFor(const ProviderSpec& spec, const oauth::ProviderMetadata& metadata, const json::object* id_claims) {
  if (spec.profile_source == ProfileSource::kUserinfo || !id_claims) return spec.profile_requests;
  auto requests = spec.profile_requests;
  if (requests.empty() && !metadata.userinfo_endpoint.empty() && KnowsNobody(*id_claims)) requests.emplace_back();
  return requests;
}

}  // namespace

Task<ProviderProfile> FetchProfile(ProviderConnection& provider, const Exchanged& exchanged, std::string user_form) {
  const ProviderSpec& spec = provider.spec();
  SALLYPORT_CO_TRY(const auto metadata, co_await provider.Metadata());
  const json::object* id_claims = exchanged.id_token ? &exchanged.id_token->claims() : nullptr;
  json::object profile;
  if (id_claims) profile = *id_claims;
  bool first = true;
  for (const ProfileRequest& request : RequestsFor(spec, metadata, id_claims)) {
    auto answer = co_await Ask(provider, request, metadata.userinfo_endpoint, exchanged.tokens.members);
    if (!answer && request.optional) {
      log::Info("an optional part of the profile could not be had", {{"provider", spec.id}, {"error", answer.error().ToLogString()}});
      continue;
    }
    if (!answer) co_return std::unexpected(std::move(answer).error());
    SALLYPORT_CO_CHECK(AddToProfile(request, *std::move(answer), profile));
    if (first && id_claims && request.into.empty()) SALLYPORT_CO_CHECK(Merge(*id_claims, profile));
    first = false;
  }
  AddTokenMembers(spec, exchanged.tokens.members, profile);
  if (spec.user_in_callback && !user_form.empty()) {
    if (auto user = ParseJsonObject(user_form, {.max_bytes = kMaxUserFormBytes})) profile["user"] = *std::move(user);
  }
  co_return MapProfile(spec, profile);
}

}  // namespace sallyport::signin
