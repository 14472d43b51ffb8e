// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/profile_call.h"

#include <algorithm>
#include <optional>

#include "sallyport/base/url.h"
#include "sallyport/signin/errc.h"
#include "sallyport/signin/providers/profile_expression.h"

namespace sallyport::signin {
namespace {

// GitHub and others refuse requests without one; Reddit wants one that is not a browser's.
constexpr std::string_view kUserAgent = "Sallyport";

using Encode = std::string (*)(std::string_view);

struct Placeholders {
  std::string_view client_id;
  const json::object& token_answer;

  std::optional<std::string> Value(std::string_view name) const {
    if (name == "client_id") return std::string(client_id);
    if (name.starts_with("token.")) name.remove_prefix(6);
    else if (name != "access_token") return std::nullopt;
    const auto* value = token_answer.if_contains(name);
    return value ? ScalarText(*value, Numbers::kAccepted) : std::nullopt;
  }

  Result<std::string> Fill(std::string_view text, Encode encode) const {
    std::string out;
    while (true) {
      const auto open = text.find('{');
      out += text.substr(0, open);
      if (open == std::string_view::npos) return out;
      const auto close = text.find('}', open);
      if (close == std::string_view::npos) return out.append(text.substr(open));
      const auto name = text.substr(open + 1, close - open - 1);
      const auto value = Value(name);
      if (!value) return Fail(Errc::kBadProfile, "the token answer has no {" + std::string(name) + "}, which the profile request needs");
      out += encode(*value);
      text.remove_prefix(close + 1);
    }
  }
};

std::string AsIs(std::string_view text) { return std::string(text); }

// The token answer is the peer's text: it must not add header fields to our request.
bool FitsHeader(std::string_view value) {
  return std::ranges::none_of(value, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// TikTok says {"code": "ok"} when there is none.
bool SaysError(const json::object& answer) {
  const auto* error = answer.if_contains("error");
  if (!error || error->is_null()) return false;
  const auto* object = error->if_object();
  return !object || GetString(*object, "code") != "ok";
}

}  // namespace

Result<ProfileCall> BuildProfileCall(const ProfileRequest& request, std::string_view discovered_userinfo, std::string_view client_id,
                                     const json::object& token_answer) {
  const Placeholders placeholders{client_id, token_answer};
  ProfileCall call;
  call.method = request.method;
  if (request.url.empty()) {
    call.url = discovered_userinfo;   // the provider's own text: braces in it are no placeholders
  } else {
    SALLYPORT_TRY(call.url, placeholders.Fill(request.url, PercentEncode));
  }
  if (call.url.empty()) return Fail(Errc::kBadProfile, "the provider announces no userinfo_endpoint");
  call.headers = {{"Accept", "application/json"}, {"User-Agent", std::string(kUserAgent)}};
  if (request.bearer) {
    SALLYPORT_TRY(auto bearer, placeholders.Fill("Bearer {access_token}", AsIs));
    call.headers.push_back({"Authorization", std::move(bearer)});
  }
  for (const auto& header : request.headers) {
    SALLYPORT_TRY(auto value, placeholders.Fill(header.value, AsIs));
    call.headers.push_back({header.name, std::move(value)});
  }
  for (const auto& header : call.headers) {
    if (!FitsHeader(header.value)) return Fail(Errc::kBadProfile, "a token of the provider does not fit into a header field");
  }
  if (!request.body_type.empty()) call.headers.push_back({"Content-Type", request.body_type});
  call.body = request.body;
  return call;
}

Result<void> AddToProfile(const ProfileRequest& request, json::value answer, json::object& profile) {
  const bool first = request.into.empty();
  const auto* whole = answer.if_object();
  // Some providers refuse with status 200.
  if (first && whole && SaysError(*whole)) {
    return Fail(Errc::kBadProfile, "the answer to the profile request says \"error\"");
  }
  const json::value* found = &answer;
  if (!request.unwrap.empty()) {
    SALLYPORT_TRY(const auto path, ProfilePath::Parse(request.unwrap));
    found = whole ? path.Find(*whole) : nullptr;
  }
  if (!first) {
    if (found) profile[request.into] = *found;
    return {};
  }
  if (!found || !found->is_object()) {
    return Fail(Errc::kBadProfile, "the answer to the profile request has no object" + (request.unwrap.empty() ? "" : " at " + request.unwrap));
  }
  profile = json::object(found->get_object());
  return {};
}

void AddTokenMembers(const ProviderSpec& spec, const json::object& token_answer, json::object& profile) {
  if (spec.token_members.empty()) return;
  json::object members;
  for (const auto& name : spec.token_members) {
    if (const auto* value = token_answer.if_contains(name)) members[name] = *value;
  }
  profile["token"] = std::move(members);
}

}  // namespace sallyport::signin
