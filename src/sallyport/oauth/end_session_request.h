// SPDX-License-Identifier: Apache-2.0
// Signing out at the provider too (OpenID Connect RP-Initiated Logout 1.0 §2): where the browser is sent.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::oauth {

struct EndSessionRequest {
  std::string id_token_hint;              // may be empty
  std::string client_id;
  std::string post_logout_redirect_uri;   // may be empty: then the person stays at the provider
  std::string state;                      // only with a redirect URI
};

std::string EndSessionUrl(std::string_view endpoint, const EndSessionRequest& request);

}  // namespace sallyport::oauth
