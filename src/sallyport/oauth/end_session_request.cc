// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/end_session_request.h"

#include "sallyport/oauth/form_parameters.h"

namespace sallyport::oauth {

std::string EndSessionUrl(std::string_view endpoint, const EndSessionRequest& request) {
  FormParameters parameters;
  if (!request.id_token_hint.empty()) parameters.push_back({"id_token_hint", request.id_token_hint});
  parameters.push_back({"client_id", request.client_id});
  if (!request.post_logout_redirect_uri.empty()) {
    parameters.push_back({"post_logout_redirect_uri", request.post_logout_redirect_uri});
    if (!request.state.empty()) parameters.push_back({"state", request.state});
  }
  return WithQuery(endpoint, parameters);
}

}  // namespace sallyport::oauth
