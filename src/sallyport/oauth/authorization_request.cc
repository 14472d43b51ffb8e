// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/authorization_request.h"

#include <algorithm>
#include <array>

#include "sallyport/oauth/errc.h"

namespace sallyport::oauth {
namespace {

constexpr std::array<std::string_view, 8> kOfTheTransaction = {
    "redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method", "request", "request_uri", "client_assertion"};

constexpr std::array<std::string_view, 13> kCallerMaySet = {
    "prompt", "login_hint", "ui_locales", "claims_locales", "acr_values", "display", "max_age", "hd",
    "domain_hint", "screen_hint", "organization", "connection", "locale"};

constexpr std::size_t kMaxCallerBytes = 512;

void Set(FormParameters& out, const http::Parameter& parameter) {
  const auto former = std::ranges::find(out, parameter.name, &http::Parameter::name);
  if (former != out.end()) former->value = parameter.value;
  else out.push_back(parameter);
}

}  // namespace

bool MayCallerSet(std::string_view name) { return std::ranges::find(kCallerMaySet, name) != kCallerMaySet.end(); }

Result<FormParameters> ToParameters(const AuthorizationRequest& request) {
  if (request.state.empty() || request.redirect_uri.empty()) return Fail(Errc::kMalformed, "no state or redirect_uri");
  FormParameters out;
  for (const http::Parameter& parameter : request.provider) {
    if (std::ranges::find(kOfTheTransaction, parameter.name) != kOfTheTransaction.end())
      return Fail(Errc::kReservedParameter, parameter.name);
    Set(out, parameter);
  }
  for (const http::Parameter& parameter : request.caller) {
    if (MayCallerSet(parameter.name) && parameter.value.size() <= kMaxCallerBytes) Set(out, parameter);
  }
  out.push_back({"redirect_uri", request.redirect_uri});
  out.push_back({"state", request.state});
  if (!request.code_challenge.empty()) {
    out.push_back({"code_challenge", request.code_challenge});
    out.push_back({"code_challenge_method", "S256"});
  }
  if (!request.nonce.empty()) out.push_back({"nonce", request.nonce});
  return out;
}

}  // namespace sallyport::oauth
