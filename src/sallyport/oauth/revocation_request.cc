// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/revocation_request.h"

#include "sallyport/oauth/token_error.h"

namespace sallyport::oauth {

FormParameters RevocationForm(std::string_view token, std::string_view hint) {
  return {{"token", std::string(token)}, {"token_type_hint", std::string(hint)}};
}

Result<void> ReadRevocationAnswer(long status, std::string_view content_type, std::string_view body) {
  if (status >= 200 && status <= 299) return {};
  return std::unexpected(ErrorFromAnswer(status, content_type, body));
}

}  // namespace sallyport::oauth
