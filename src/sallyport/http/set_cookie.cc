// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/set_cookie.h"

#include <charconv>

#include "sallyport/http/char_class.h"
#include "sallyport/http/header_field.h"
#include "sallyport/http/query.h"

namespace sallyport::http {
namespace {

// "-5" and "0" delete; anything that is not a number is ignored (RFC 6265 §5.2.2).
std::optional<bool> MaxAgeDeletes(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = negative ? text.substr(1) : text;
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return negative || digits.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

void SetCookie::AppendTo(std::string& out) const {
  out += name;
  out += '=';
  AppendUriComponent(out, value);
  AppendAttributesTo(out);
}

void SetCookie::AppendAttributesTo(std::string& out) const {
  if (max_age) out += "; Max-Age=" + std::to_string(max_age->count());
  if (!domain.empty()) out += "; Domain=" + domain;
  if (!path.empty()) out += "; Path=" + path;
  if (expires) out += "; Expires=" + ToHttpDate(*expires);
  if (http_only) out += "; HttpOnly";
  if (secure) out += "; Secure";
  switch (same_site) {
    case SameSite::kUnset: break;
    case SameSite::kLax: out += "; SameSite=Lax"; break;
    case SameSite::kStrict: out += "; SameSite=Strict"; break;
    case SameSite::kNone: out += "; SameSite=None"; break;
  }
}

std::string SetCookie::ToString() const {
  std::string out;
  AppendTo(out);
  return out;
}

SetCookie SetCookie::Deletion() const {
  SetCookie out = *this;
  out.value.clear();
  out.max_age = std::chrono::seconds(0);
  out.expires.reset();
  return out;
}

std::optional<ParsedSetCookie> ParseSetCookie(std::string_view text, Timestamp now) {
  const auto first = text.find(';');
  const std::string_view pair = text.substr(0, first);
  const auto equals = pair.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  ParsedSetCookie out;
  out.name = Trim(pair.substr(0, equals));
  out.value = Trim(pair.substr(equals + 1));
  if (out.name.empty()) return std::nullopt;
  std::optional<bool> by_age, by_date;
  std::string_view rest = first == std::string_view::npos ? std::string_view() : text.substr(first + 1);
  while (!rest.empty()) {
    const auto semicolon = rest.find(';');
    const std::string_view attribute = rest.substr(0, semicolon);
    rest = semicolon == std::string_view::npos ? std::string_view() : rest.substr(semicolon + 1);
    const auto sign = attribute.find('=');
    const std::string_view name = Trim(attribute.substr(0, sign));
    const std::string_view value = sign == std::string_view::npos ? std::string_view() : Trim(attribute.substr(sign + 1));
    if (EqualsIgnoreCase(name, "max-age")) {
      if (const auto deletes = MaxAgeDeletes(value)) by_age = deletes;
    } else if (EqualsIgnoreCase(name, "expires")) {
      if (const auto date = ParseCookieDate(value)) by_date = *date <= now;
    }
  }
  out.deletes = by_age.value_or(by_date.value_or(false));
  return out;
}

}  // namespace sallyport::http
