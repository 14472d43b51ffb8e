// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/next_auth_csrf.h"

#include "sallyport/base/hex.h"
#include "sallyport/crypto/constant_time.h"
#include "sallyport/crypto/digest.h"
#include "sallyport/token/errc.h"

namespace sallyport::token {
namespace {

constexpr std::size_t kTokenLength = 64;

std::string HashOf(std::string_view token, const Secret& secret) {
  return EncodeHex(crypto::AsView(crypto::Sha256({token, secret.Reveal()})));
}

bool IsTokenShaped(std::string_view text) {
  return text.size() == kTokenLength && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

NextAuthCsrf::NextAuthCsrf(std::span<const Secret> secrets) {
  std::string joined;
  for (const Secret& secret : secrets) {
    secrets_.push_back(secret.Clone());
    joined.append(joined.empty() ? "" : ",").append(secret.Reveal());
  }
  if (secrets.size() > 1) secrets_.emplace_back(std::move(joined));
}

MintedCsrf NextAuthCsrf::Mint(Random& random) const {
  MintedCsrf out;
  out.token = random.Hex(kTokenLength / 2);
  out.cookie = out.token + "|" + HashOf(out.token, secrets_.at(0));
  return out;
}

Result<std::string> NextAuthCsrf::Verify(std::string_view cookie) const {
  const std::string_view token = cookie.substr(0, kTokenLength);
  std::string_view rest = cookie.substr(token.size());
  if (!IsTokenShaped(token)) return Fail(Errc::kMalformed);
  for (const std::string_view separator : {"|", "%7C", "%7c"}) {
    if (!rest.starts_with(separator)) continue;
    rest.remove_prefix(separator.size());
    bool genuine = false;
    for (const Secret& secret : secrets_) genuine = crypto::Equal(HashOf(token, secret), rest) || genuine;
    if (!genuine) return Fail(Errc::kForged);
    return std::string(token);
  }
  return Fail(Errc::kMalformed);
}

bool NextAuthCsrf::Matches(std::string_view cookie, std::string_view body_token) const {
  const auto token = Verify(cookie);
  return token && crypto::Equal(*token, body_token);
}

}  // namespace sallyport::token
