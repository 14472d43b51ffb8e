// SPDX-License-Identifier: Apache-2.0
// The authorization request of the code flow (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1) from its three authors: the
// provider's description, the person's client, and the transaction, whose state, challenge and nonce nobody else can set
// (S30, S34).
//
// Pure: the caller decides whether the parameters go into the redirect's query or are pushed (RFC 9126).
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/result.h"
#include "sallyport/oauth/form_parameters.h"

namespace sallyport::oauth {

struct AuthorizationRequest {
  FormParameters provider;      // response_type, client id, scope and the provider's own
  FormParameters caller;        // what the person's client asked for; names that it may not set are left out
  std::string redirect_uri;
  std::string state;
  std::string code_challenge;   // empty: the provider cannot do PKCE
  std::string nonce;            // empty: plain OAuth 2.0
};

// kReservedParameter when the provider's part holds a parameter of the transaction, kMalformed without state or redirect_uri.
Result<FormParameters> ToParameters(const AuthorizationRequest& request);

// What the person's client may add to POST signin (S34): prompt, login_hint, ui_locales and the like. Not scope.
bool MayCallerSet(std::string_view name);

}  // namespace sallyport::oauth
