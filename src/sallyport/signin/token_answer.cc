// SPDX-License-Identifier: Apache-2.0
// TokensFromAnswer of backend_tokens.h: the pure half.
#include <algorithm>

#include "sallyport/jose/base64url.h"
#include "sallyport/signin/backend_answer.h"
#include "sallyport/signin/backend_tokens.h"

namespace sallyport::signin {
namespace {

constexpr std::int64_t kTenYears = 10LL * 365 * 24 * 3600;

std::optional<std::int64_t> SecondsOf(const json::value* value) {
  if (!value) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  if (value->is_uint64()) return static_cast<std::int64_t>(std::min<std::uint64_t>(value->get_uint64(), 1ULL << 53));
  if (value->is_double() && value->get_double() >= 0 && value->get_double() < 9e15) return static_cast<std::int64_t>(value->get_double());
  return std::nullopt;
}

// Read, not verified: a wrong value costs a refresh too many or a 401 from the API, nothing else.
std::optional<std::int64_t> ExpiryInside(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
  const auto payload = jose::DecodeBase64Url(token.substr(first + 1, second - first - 1));
  const auto claims = payload ? ParseJsonObject(*payload) : Result<json::object>(std::unexpected(payload.error()));
  return claims ? SecondsOf(claims->if_contains("exp")) : std::nullopt;
}

}  // namespace

std::optional<json::object> TokensFromAnswer(const BackendOptions& options, const json::object& answer, Timestamp now,
                                             std::string_view former_refresh_token) {
  const auto text_at = [&](std::string_view path) -> std::string_view {
    const auto* value = FindPath(answer, path);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
  };
  const auto access = text_at(options.access_token_path);
  // It becomes a header's value: printable ASCII or nothing.
  const auto printable = [](unsigned char c) { return c > 0x20 && c < 0x7f; };
  if (access.empty() || !std::ranges::all_of(access, printable)) return std::nullopt;
  json::object tokens{{"access_token", access}};
  const auto refresh = text_at(options.refresh_token_path);
  if (!refresh.empty() || !former_refresh_token.empty()) tokens["refresh_token"] = refresh.empty() ? former_refresh_token : refresh;
  auto expires_in = SecondsOf(FindPath(answer, options.expires_in_path));
  if (expires_in && *expires_in > 0 && *expires_in <= kTenYears) {
    tokens["expires_at"] = UnixSeconds(now) + *expires_in;
  } else if (const auto exp = ExpiryInside(access); exp && *exp > 0 && *exp < UnixSeconds(now) + kTenYears) {
    tokens["expires_at"] = *exp;
  }
  return tokens;
}

}  // namespace sallyport::signin
