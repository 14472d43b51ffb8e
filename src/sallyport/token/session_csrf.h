// SPDX-License-Identifier: Apache-2.0
// The CSRF token of a session (S10): HMAC-SHA256 over the session's id, base64url, 43 characters.
//
// Deterministic, so that it can be in a cookie, a header and a page at once and no state is kept. A token of one session is
// nothing to another. Keys come from DerivedKeys (KeyPurpose::kCsrfToken): the first makes, all check. Thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/secret.h"
#include "sallyport/crypto/hmac.h"

namespace sallyport::token {

class SessionCsrf {
 public:
  // `keys` must not be empty.
  explicit SessionCsrf(std::span<const Secret> keys);

  std::string TokenFor(std::string_view session_id) const;
  // Constant-time. False for an empty token or session id.
  bool Check(std::string_view session_id, std::string_view token) const;

 private:
  std::vector<crypto::HmacSha256> keys_;
};

}  // namespace sallyport::token
