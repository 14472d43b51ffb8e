// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/cookie.h"

#include <cstring>

#include "sallyport/http/char_class.h"

namespace sallyport::http {
namespace {

// A set high bit in each byte of `word` that is at most 0x20 or is 0x7f; bytes from 0x80 on are fine.
constexpr std::uint64_t BadInName(std::uint64_t word) {
  constexpr std::uint64_t kOnes = ~std::uint64_t{0} / 255, kHigh = kOnes * 0x80;
  const std::uint64_t low = (word | kHigh) - kOnes * 0x21;          // high bit lost: the low seven bits are below 0x21
  const std::uint64_t rubout = ((word & ~kHigh) + kOnes) & kHigh;   // the low seven bits are 0x7f
  return (~low | rubout) & ~word & kHigh;
}

bool IsCookieName(std::string_view name) {
  if (name.empty()) return false;
  std::uint64_t bad = 0, word = 0;
  std::string_view rest = name;
  for (; rest.size() >= sizeof word; rest.remove_prefix(sizeof word)) {
    std::memcpy(&word, rest.data(), sizeof word);
    bad |= BadInName(word);
  }
  for (const char c : rest) bad |= BadInName(static_cast<unsigned char>(c) | ~std::uint64_t{0xff});
  return bad == 0 && !IsPrefixVariant(name);
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
