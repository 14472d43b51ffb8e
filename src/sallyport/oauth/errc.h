// SPDX-License-Identifier: Apache-2.0
// Why an OAuth or OpenID Connect message was refused; one code a reason. Signatures and registered claims keep jose's codes.
#pragma once

#include "sallyport/base/error.h"

namespace sallyport::oauth {

enum class Errc {
  kMalformed = 1,        // not the message that was expected: encoding, types, repeated or missing members
  kReservedParameter,    // an extra parameter would replace one of ours (S34)
  kInvalidClientSetup,   // a secret or key that the authentication method needs is missing or does not fit
  kInsecureEndpoint,     // an endpoint that is not https where it must be
  kUnsupported,          // the provider's metadata rules out what we insist on
  kWrongIssuer,          // discovery, RFC 9207 or ID token: not the configured issuer
  kMissingIssuer,        // the provider says that it sends `iss` and has not
  kProviderError,        // the provider answered with an `error`
  kAccessDenied,         // … with access_denied: the person or the provider said no
  kInvalidGrant,         // … with invalid_grant: code or refresh token are void (S35)
  kInvalidClient,        // … with invalid_client or unauthorized_client: our configuration
  kProviderUnavailable,  // 5xx, 429, or temporarily_unavailable: nothing was decided
  kWrongNonce,
  kWrongAuthorizedParty,
  kWrongHash,            // at_hash or c_hash
  kWrongSubject,
  kMissingClaim,
  kWrongEvent,           // a logout token without the logout event
  kUnexpectedNonce,      // a logout token with a nonce
};
const char* NameOf(Errc code);

}  // namespace sallyport::oauth

SALLYPORT_ERRC(sallyport::oauth, "oauth")
