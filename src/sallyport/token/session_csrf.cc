// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/session_csrf.h"

#include "sallyport/crypto/constant_time.h"
#include "sallyport/jose/base64url.h"

namespace sallyport::token {

SessionCsrf::SessionCsrf(std::span<const Secret> keys) {
  for (const Secret& key : keys) keys_.emplace_back(key.Reveal());
}

std::string SessionCsrf::TokenFor(std::string_view session_id) const {
  return jose::EncodeBase64Url(crypto::AsView(keys_.at(0).Mac(session_id)));
}

bool SessionCsrf::Check(std::string_view session_id, std::string_view token) const {
  if (session_id.empty() || token.empty()) return false;
  bool genuine = false;
  for (const crypto::HmacSha256& key : keys_)
    genuine = crypto::Equal(jose::EncodeBase64Url(crypto::AsView(key.Mac(session_id))), token) || genuine;
  return genuine;
}

}  // namespace sallyport::token
