// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/cookie.h"

#include "sallyport/http/char_class.h"

namespace sallyport::http {
namespace {

bool IsCookieName(std::string_view name) {
  if (name.empty()) return false;
  for (const char c : name)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return false;
  return !IsPrefixVariant(name);
}

std::string_view Unquote(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') return value.substr(1, value.size() - 2);
  return value;
}

bool StartsWithOtherCase(std::string_view name, std::string_view prefix) {
  return name.size() >= prefix.size() && EqualsIgnoreCase(name.substr(0, prefix.size()), prefix) && !name.starts_with(prefix);
}

}  // namespace

bool IsPrefixVariant(std::string_view name) {
  if (!name.starts_with("__")) return false;
  return StartsWithOtherCase(name, "__Host-") || StartsWithOtherCase(name, "__Secure-");
}

bool CookieCursor::Next(Cookie& out) {
  while (!rest_.empty()) {
    const auto semicolon = rest_.find(';');
    const std::string_view entry = Trim(rest_.substr(0, semicolon));
    rest_ = semicolon == std::string_view::npos ? std::string_view() : rest_.substr(semicolon + 1);
    if (entry.empty()) continue;
    const auto equals = entry.find('=');
    const std::string_view name = Trim(entry.substr(0, equals));
    if (equals == std::string_view::npos || !IsCookieName(name)) {
      dropped_ = true;
      continue;
    }
    out.name = name;
    out.value = Unquote(Trim(entry.substr(equals + 1)));
    out.raw = entry;
    return true;
  }
  return false;
}

std::size_t FindCookies(const HeaderTable& fields, std::string_view name, std::span<std::string_view> out) {
  std::size_t count = 0;
  ForEachCookie(fields, [&](const Cookie& cookie) {
    if (cookie.name != name) return;
    if (count < out.size()) out[count] = cookie.value;
    ++count;
  });
  return count;
}

std::optional<std::string_view> FindCookie(const HeaderTable& fields, std::string_view name) {
  std::string_view first;
  if (FindCookies(fields, name, {&first, 1}) == 0) return std::nullopt;
  return first;
}

void CookieFilter::Append(std::string_view raw_entry) {
  if (!out_.empty()) out_ += "; ";
  out_ += raw_entry;
}

}  // namespace sallyport::http
