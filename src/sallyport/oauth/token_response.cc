// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/token_response.h"

#include <algorithm>
#include <charconv>

#include "sallyport/http/form.h"
#include "sallyport/http/header_field.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/token_error.h"

namespace sallyport::oauth {
namespace {

constexpr std::size_t kMaxBodyBytes = 256 * 1024, kMaxTokenBytes = 32 * 1024;
constexpr std::int64_t kMaxSeconds = 10LL * 366 * 24 * 3600;  // longer lives are as good as that

Result<json::object> ReadBody(std::string_view content_type, std::string_view body) {
  if (!http::IsUrlencodedForm(content_type)) {
    auto object = ParseJsonObject(body, {.max_bytes = kMaxBodyBytes});
    if (!object) return Fail(Errc::kMalformed, "token response: " + object.error().detail);
    return object;
  }
  const auto form = http::ParseForm(body);
  if (!form) return Fail(Errc::kMalformed, "token response: form");
  json::object out;
  for (const http::Parameter& item : form->items()) {
    if (!out.emplace(item.name, item.value).second) return Fail(Errc::kMalformed, "token response: a member twice");
  }
  return out;
}

// Empty when absent or null (some write null for "none"). What will stand in a header must be visible ASCII (RFC 6750 §2.1).
Result<std::string> TokenIn(const json::object& body, std::string_view name) {
  const json::value* member = body.if_contains(name);
  if (member == nullptr || member->is_null()) return std::string();
  const auto text = GetString(body, name);
  const bool good = text && text->size() <= kMaxTokenBytes &&
                    std::ranges::all_of(*text, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!good) return Fail(Errc::kMalformed, std::string(name));
  return std::string(*text);
}

Result<std::optional<std::int64_t>> Seconds(const json::object& body) {
  const json::value* member = body.if_contains("expires_in");
  if (member == nullptr || member->is_null()) return std::nullopt;
  std::int64_t seconds = -1;
  if (member->is_int64()) {
    seconds = member->get_int64();
  } else if (member->is_uint64()) {
    seconds = kMaxSeconds;  // beyond int64
  } else if (member->is_double()) {
    const double value = member->get_double();
    seconds = value >= 0 ? static_cast<std::int64_t>(std::min(value, static_cast<double>(kMaxSeconds))) : -1;
  } else if (member->is_string()) {
    const std::string_view text = member->get_string();
    if (text.empty()) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size()) seconds = -1;
  }
  if (seconds < 0) return Fail(Errc::kMalformed, "expires_in");
  return std::min(seconds, kMaxSeconds);
}

Result<std::string> Scope(const json::object& body) {
  const json::value* member = body.if_contains("scope");
  if (member == nullptr || member->is_null()) return std::string();
  if (member->is_string()) return std::string(member->get_string());
  if (!member->is_array()) return Fail(Errc::kMalformed, "scope");
  std::string out;
  for (const json::value& item : member->get_array()) {
    if (!item.is_string()) return Fail(Errc::kMalformed, "scope");
    if (!out.empty()) out += ' ';
    out += std::string_view(item.get_string());
  }
  return out;
}

}  // namespace

Result<TokenResponse> ReadTokenResponse(long status, std::string_view content_type, std::string_view body, bool require_token_type) {
  if (status < 200 || status > 299) return std::unexpected(ErrorFromAnswer(status, content_type, body));
  TokenResponse out;
  SALLYPORT_TRY(out.members, ReadBody(content_type, body));
  if (auto error = ErrorInside(out.members)) return std::unexpected(*std::move(error));
  SALLYPORT_TRY(std::string access_token, TokenIn(out.members, "access_token"));
  SALLYPORT_TRY(std::string refresh_token, TokenIn(out.members, "refresh_token"));
  SALLYPORT_TRY(out.id_token, TokenIn(out.members, "id_token"));
  SALLYPORT_TRY(out.token_type, TokenIn(out.members, "token_type"));
  SALLYPORT_TRY(out.expires_in, Seconds(out.members));
  SALLYPORT_TRY(out.scope, Scope(out.members));
  if (access_token.empty()) return Fail(Errc::kMalformed, "token response without an access token");
  // A token of another type (DPoP, MAC) would not work as a bearer, and using it as one would leak it. "jwt-bearer" is what
  // Azure DevOps calls its bearers.
  const bool bearer = http::EqualsIgnoreCase(out.token_type, "bearer") || http::EqualsIgnoreCase(out.token_type, "jwt-bearer");
  if (out.token_type.empty() ? require_token_type : !bearer)
    return Fail(Errc::kMalformed, "token_type is not bearer");
  out.access_token = Secret(std::move(access_token));
  out.refresh_token = Secret(std::move(refresh_token));
  return out;
}

}  // namespace sallyport::oauth
