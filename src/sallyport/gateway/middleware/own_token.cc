// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/middleware/own_token.h"

#include <algorithm>

namespace sallyport::gateway {
namespace {

constexpr int kMostTokens = 2;   // each may cost the check of a signature

// Everything that no compact JWS has in it parts words: schemes, lists, quotes, parameters.
bool IsOfToken(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

}  // namespace

bool ShowsOurToken(const http::HeaderTable& fields, const AccessKeys& keys) {
  if (fields.Count(http::HeaderId::kAuthorization) > 1) return true;
  std::string_view rest = fields.Get(http::HeaderId::kAuthorization);
  for (int tokens = 0; !rest.empty();) {
    const auto end = std::ranges::find_if_not(rest, IsOfToken);
    const std::string_view word(rest.begin(), end);
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    if (!word.starts_with("eyJ") || std::ranges::count(word, '.') != 2) continue;   // {"…
    if (++tokens > kMostTokens || keys.Verify(word)) return true;
  }
  return false;
}

}  // namespace sallyport::gateway
