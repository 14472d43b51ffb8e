// SPDX-License-Identifier: Apache-2.0
// A ProfileRequest with its placeholders filled in, ready for the HTTP client; and its answer put into the profile.
#pragma once

#include "sallyport/base/json.h"
#include "sallyport/base/result.h"
#include "sallyport/signin/providers/provider_spec.h"

namespace sallyport::signin {

struct ProfileCall {
  std::string method, url;
  std::vector<Parameter> headers;    // Accept, User-Agent, Authorization (a secret: never logged) and the request's own
  std::string body;
};

// `discovered_userinfo`: used when the request has no URL of its own. Errors: Errc::kBadProfile when the token answer
// lacks a member that the request needs, or one would break out of its header field.
Result<ProfileCall> BuildProfileCall(const ProfileRequest& request, std::string_view discovered_userinfo,
                                     std::string_view client_id, const json::object& token_answer);

// Unwraps `answer` and makes it the profile, or a member of it (ProfileRequest::into). Errors: Errc::kBadProfile when
// the first answer has no object at `unwrap`, or says "error" (TikTok's {"code": "ok"} is none).
Result<void> AddToProfile(const ProfileRequest& request, json::value answer, json::object& profile);

// Puts ProviderSpec::token_members into the profile, as its member "token". Called after the last request.
void AddTokenMembers(const ProviderSpec& spec, const json::object& token_answer, json::object& profile);

}  // namespace sallyport::signin
