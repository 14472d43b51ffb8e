// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/token_request.h"

namespace sallyport::oauth {

FormParameters AuthorizationCodeGrant(std::string_view code, std::string_view redirect_uri, std::string_view code_verifier) {
  FormParameters form = {{"grant_type", "authorization_code"}, {"code", std::string(code)}, {"redirect_uri", std::string(redirect_uri)}};
  if (!code_verifier.empty()) form.push_back({"code_verifier", std::string(code_verifier)});
  return form;
}

FormParameters RefreshTokenGrant(std::string_view refresh_token) {
  return {{"grant_type", "refresh_token"}, {"refresh_token", std::string(refresh_token)}};
}

}  // namespace sallyport::oauth
