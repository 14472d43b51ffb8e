// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/sealed_cookie.h"

#include "sallyport/jose/base64url.h"
#include "sallyport/token/errc.h"

namespace sallyport::token {

Result<SealedCookie> SealedCookie::Create(std::span<const Secret> keys, std::string purpose, const Clock& clock, Random& random) {
  SALLYPORT_TRY(crypto::SealedBox box, crypto::SealedBox::Create(keys, random));
  return SealedCookie(std::move(box), std::move(purpose), clock);
}

Result<std::string> SealedCookie::Seal(const json::object& value, Duration lifetime) const {
  json::object content;
  content.emplace("exp", UnixMillis(clock_->Now() + lifetime));
  content.emplace("value", value);
  std::string text = jose::EncodeBase64Url(box_.Seal(json::serialize(content), associated_));
  if (text.size() > kMaxLength) return Fail(Errc::kTooLarge, "sealed cookie");
  return text;
}

Result<json::object> SealedCookie::Open(std::string_view text) const {
  if (text.size() > kMaxLength) return Fail(Errc::kTooLarge, "sealed cookie");
  const auto box = jose::DecodeBase64Url(text);
  if (!box) return Fail(Errc::kMalformed);
  const auto opened = box_.Open(*box, associated_);
  if (!opened) return Fail(Errc::kForged);
  auto content = ParseJsonObject(*opened);
  const auto end = content ? GetInteger(*content, "exp") : std::nullopt;
  const bool whole = end && content->contains("value") && content->at("value").is_object();
  if (!whole) return Fail(Errc::kMalformed, "content of a sealed cookie");
  if (UnixMillis(clock_->Now()) >= *end) return Fail(Errc::kExpired);
  return std::move(content->at("value").get_object());
}

}  // namespace sallyport::token
