// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/clock.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "sallyport/base/iso8601.h"

namespace sallyport {

Timestamp SystemClock::Now() const { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }
SteadyTime SystemClock::Steady() const { return std::chrono::steady_clock::now(); }

namespace {

struct Broken {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<Duration> time;
  unsigned weekday;
};

Broken BreakDown(Timestamp t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  return {day, std::chrono::hh_mm_ss<Duration>(t - day), std::chrono::weekday(day).c_encoding()};
}

// Decimal digits, filled up with zeros; `value` has at most N.
template <std::size_t N>
char* Digits(char* to, std::uint64_t value) {
  for (std::size_t i = N; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + N;
}

char* Text(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

std::uint64_t Year(const Broken& b) { return static_cast<std::uint64_t>(std::clamp(int(b.date.year()), 0, 9999)); }

char* TimeOfDay(char* to, const Broken& b) {
  to = Digits<2>(to, static_cast<std::uint64_t>(b.time.hours().count()));
  *to++ = ':';
  to = Digits<2>(to, static_cast<std::uint64_t>(b.time.minutes().count()));
  *to++ = ':';
  return Digits<2>(to, static_cast<std::uint64_t>(b.time.seconds().count()));
}

}  // namespace

std::array<char, 24> Iso8601(Timestamp t) {
  const Broken b = BreakDown(t);
  std::array<char, 24> out;
  char* to = Digits<4>(out.data(), Year(b));
  *to++ = '-';
  to = Digits<2>(to, unsigned(b.date.month()));
  *to++ = '-';
  to = Digits<2>(to, unsigned(b.date.day()));
  *to++ = 'T';
  to = TimeOfDay(to, b);
  *to++ = '.';
  to = Digits<3>(to, static_cast<std::uint64_t>(b.time.subseconds().count()));
  *to = 'Z';
  return out;
}

std::string ToIso8601(Timestamp t) {
  const auto text = Iso8601(t);
  return {text.data(), text.size()};
}

std::string ToHttpDate(Timestamp t) {
  static constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const Broken b = BreakDown(t);
  std::array<char, 29> out;
  char* to = Text(out.data(), kDays.substr(3 * b.weekday, 3));
  to = Text(to, ", ");
  to = Digits<2>(to, unsigned(b.date.day()));
  *to++ = ' ';
  to = Text(to, kMonths.substr(3 * (unsigned(b.date.month()) - 1), 3));
  *to++ = ' ';
  to = Digits<4>(to, Year(b));
  *to++ = ' ';
  Text(TimeOfDay(to, b), " GMT");
  return {out.data(), out.size()};
}

}  // namespace sallyport
