// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/authorization_response.h"

#include <algorithm>

#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/issuer.h"

namespace sallyport::oauth {
namespace {

constexpr std::size_t kMaxStateBytes = 512, kMaxCodeBytes = 4096, kMaxTextBytes = 2048, kMaxUserBytes = 4096;

// Empty when absent. A parameter that stands twice could mean one thing to us and another to the provider (RFC 6749 §3.1).
Result<std::string> Take(const http::Parameters& parameters, std::string_view name, std::size_t max_bytes) {
  if (parameters.Count(name) > 1) return Fail(Errc::kMalformed, std::string(name) + " stands twice");
  const std::string_view value = parameters.Find(name).value_or("");
  if (value.size() > max_bytes) return Fail(Errc::kMalformed, std::string(name) + " is too long");
  return std::string(value);
}

bool IsVisible(std::string_view text) {  // VSCHAR of RFC 6749, appendix A
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

Result<AuthorizationResponse> ReadAuthorizationResponse(const http::Parameters& parameters) {
  AuthorizationResponse out;
  SALLYPORT_TRY(out.state, Take(parameters, "state", kMaxStateBytes));
  SALLYPORT_TRY(out.code, Take(parameters, "code", kMaxCodeBytes));
  SALLYPORT_TRY(out.error, Take(parameters, "error", kMaxTextBytes));
  SALLYPORT_TRY(out.error_description, Take(parameters, "error_description", kMaxTextBytes));
  SALLYPORT_TRY(out.iss, Take(parameters, "iss", kMaxTextBytes));
  SALLYPORT_TRY(out.user, Take(parameters, "user", kMaxUserBytes));
  if (out.state.empty()) return Fail(Errc::kMalformed, "no state");
  if (!IsVisible(out.state) || !IsVisible(out.code)) return Fail(Errc::kMalformed, "state or code");
  if (out.code.empty() == out.error.empty()) return Fail(Errc::kMalformed, "either code or error");
  return out;
}

Result<void> CheckResponseIssuer(const AuthorizationResponse& response, std::string_view expected, bool required) {
  if (expected.empty()) return {};
  if (response.iss.empty()) {
    if (required) return Fail(Errc::kMissingIssuer);
    return {};
  }
  if (!IssuerMatches(expected, response.iss)) return Fail(Errc::kWrongIssuer, "iss of the authorization response");
  return {};
}

}  // namespace sallyport::oauth
