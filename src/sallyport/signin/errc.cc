// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/errc.h"

namespace sallyport::signin {

const char* NameOf(Errc e) {
  switch (e) {
    case Errc::kBadCredentials: return "bad_credentials";
    case Errc::kThrottled: return "throttled";
    case Errc::kOverloaded: return "overloaded";
    case Errc::kBackendUnavailable: return "backend_unavailable";
    case Errc::kSessionEnded: return "session_ended";
    case Errc::kNoBackendTokens: return "no_backend_tokens";
    case Errc::kTemplate: return "template";
    case Errc::kInvalidMail: return "invalid_mail";
    case Errc::kProviderTrouble: return "provider_trouble";
    case Errc::kBadProfile: return "bad_profile";
  }
  return "unknown";
}

}  // namespace sallyport::signin
