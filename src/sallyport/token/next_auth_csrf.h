// SPDX-License-Identifier: Apache-2.0
// next-auth's own CSRF cookie: `token|sha256hex(token + secret)`, identical in v4 and v5.
//
// Guards only the routes that next-auth clients post to; everything else uses session_csrf.h. Several secrets: the first
// makes; each one checks, and so does all of them joined by commas (that is what v5 hashes when it is given an array).
// Thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/random.h"
#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"

namespace sallyport::token {

struct MintedCsrf {
  std::string token;   // 64 hex digits: goes into the body
  std::string cookie;  // token|hash: goes into the cookie, percent-encoded there ("|" is %7C)
};

class NextAuthCsrf {
 public:
  explicit NextAuthCsrf(std::span<const Secret> secrets);

  MintedCsrf Mint(Random& random) const;
  // The token of a genuine cookie value ("|" plain or as %7C). kMalformed, kForged.
  Result<std::string> Verify(std::string_view cookie) const;
  // Verify, and `body_token` is the cookie's token (constant-time). False for empty and missing values.
  bool Matches(std::string_view cookie, std::string_view body_token) const;

 private:
  std::vector<Secret> secrets_;  // with the joined one last, when there are several
};

}  // namespace sallyport::token
