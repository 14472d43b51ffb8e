// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/errc.h"

namespace sallyport::oauth {

const char* NameOf(Errc code) {
  switch (code) {
    case Errc::kMalformed: return "malformed";
    case Errc::kReservedParameter: return "reserved_parameter";
    case Errc::kInvalidClientSetup: return "invalid_client_setup";
    case Errc::kInsecureEndpoint: return "insecure_endpoint";
    case Errc::kUnsupported: return "unsupported";
    case Errc::kWrongIssuer: return "wrong_issuer";
    case Errc::kMissingIssuer: return "missing_issuer";
    case Errc::kProviderError: return "provider_error";
    case Errc::kAccessDenied: return "access_denied";
    case Errc::kInvalidGrant: return "invalid_grant";
    case Errc::kInvalidClient: return "invalid_client";
    case Errc::kProviderUnavailable: return "provider_unavailable";
    case Errc::kWrongNonce: return "wrong_nonce";
    case Errc::kWrongAuthorizedParty: return "wrong_authorized_party";
    case Errc::kWrongHash: return "wrong_hash";
    case Errc::kWrongSubject: return "wrong_subject";
    case Errc::kMissingClaim: return "missing_claim";
    case Errc::kWrongEvent: return "wrong_event";
    case Errc::kUnexpectedNonce: return "unexpected_nonce";
  }
  return "unknown";
}

}  // namespace sallyport::oauth
