// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/pushed_authorization.h"

#include <algorithm>

#include "sallyport/base/json.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/token_error.h"

namespace sallyport::oauth {
namespace {

constexpr std::size_t kMaxRequestUriBytes = 1024;

bool IsPrintable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

Result<PushedAuthorization> ReadPushedAuthorization(long status, std::string_view content_type, std::string_view body) {
  // RFC 9126 says 201; some answer 200.
  if (status != 201 && status != 200) return std::unexpected(ErrorFromAnswer(status, content_type, body));
  const auto object = ParseJsonObject(body, {.max_bytes = 64 * 1024});
  if (!object) return Fail(Errc::kMalformed, "answer to a pushed authorization request");
  const auto uri = GetString(*object, "request_uri");
  const auto expires_in = GetInteger(*object, "expires_in");
  if (!uri || uri->empty() || uri->size() > kMaxRequestUriBytes || !IsPrintable(*uri)) return Fail(Errc::kMalformed, "request_uri");
  if (!expires_in || *expires_in <= 0) return Fail(Errc::kMalformed, "expires_in");
  return PushedAuthorization{std::string(*uri), *expires_in};
}

std::string PushedAuthorizationUrl(std::string_view endpoint, std::string_view client_id, const PushedAuthorization& pushed) {
  const FormParameters parameters = {{"client_id", std::string(client_id)}, {"request_uri", pushed.request_uri}};
  return WithQuery(endpoint, parameters);
}

}  // namespace sallyport::oauth
