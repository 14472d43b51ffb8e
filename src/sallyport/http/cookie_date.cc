// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "sallyport/http/char_class.h"
#include "sallyport/http/set_cookie.h"

namespace sallyport::http {
namespace {

bool IsDelimiter(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u == 0x09 || (u >= 0x20 && u <= 0x2f) || (u >= 0x3b && u <= 0x40) || (u >= 0x5b && u <= 0x60) || (u >= 0x7b && u <= 0x7e);
}

// Leading digits of `text`, `least` to `most` of them and then no digit; -1 otherwise. `rest` is what follows.
int LeadingNumber(std::string_view text, std::size_t least, std::size_t most, std::string_view* rest = nullptr) {
  std::size_t n = 0;
  int value = 0;
  while (n < text.size() && n < most && IsDigit(text[n])) value = value * 10 + (text[n++] - '0');
  if (n < least || (n < text.size() && IsDigit(text[n]))) return -1;
  if (rest != nullptr) *rest = text.substr(n);
  return value;
}

struct CookieDate {
  int hour = -1, minute = -1, second = -1, day = -1, month = -1, year = -1;

  bool TakeTime(std::string_view token) {
    std::string_view rest;
    const int h = LeadingNumber(token, 1, 2, &rest);
    if (h < 0 || !rest.starts_with(':')) return false;
    const int m = LeadingNumber(rest.substr(1), 1, 2, &rest);
    if (m < 0 || !rest.starts_with(':')) return false;
    const int s = LeadingNumber(rest.substr(1), 1, 2);
    if (s < 0) return false;
    hour = h, minute = m, second = s;
    return true;
  }

  bool TakeMonth(std::string_view token) {
    static constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (token.size() < 3) return false;
    const char name[3] = {ToLower(token[0]), ToLower(token[1]), ToLower(token[2])};
    const auto at = kMonths.find(std::string_view(name, 3));
    if (at == std::string_view::npos || at % 3 != 0) return false;
    month = static_cast<int>(at / 3) + 1;
    return true;
  }

  void Take(std::string_view token) {
    if (hour < 0 && TakeTime(token)) return;
    if (day < 0 && (day = LeadingNumber(token, 1, 2)) >= 0) return;
    if (month < 0 && TakeMonth(token)) return;
    if (year < 0) year = LeadingNumber(token, 2, 4);
  }
};

}  // namespace

std::optional<Timestamp> ParseCookieDate(std::string_view text) {
  CookieDate date;
  for (std::size_t at = 0; at < text.size();) {
    if (IsDelimiter(text[at])) {
      ++at;
      continue;
    }
    const auto end = static_cast<std::size_t>(std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), IsDelimiter) - text.begin());
    date.Take(text.substr(at, end - at));
    at = end;
  }
  if (date.year >= 70 && date.year <= 99) date.year += 1900;
  if (date.year >= 0 && date.year <= 69) date.year += 2000;
  if (date.hour < 0 || date.hour > 23 || date.minute > 59 || date.second > 59 || date.day < 1 || date.month < 1 || date.year < 1601)
    return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(date.year), std::chrono::month(static_cast<unsigned>(date.month)),
                                        std::chrono::day(static_cast<unsigned>(date.day))};
  if (!day.ok()) return std::nullopt;
  return Timestamp(std::chrono::sys_days(day)) + std::chrono::hours(date.hour) + std::chrono::minutes(date.minute) +
         std::chrono::seconds(date.second);
}

}  // namespace sallyport::http
