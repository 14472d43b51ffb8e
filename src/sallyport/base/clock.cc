// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/clock.h"

#include <fmt/format.h>

#include <array>

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

}  // namespace

std::string ToIso8601(Timestamp t) {
  const Broken b = BreakDown(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int(b.date.year()), unsigned(b.date.month()),
                     unsigned(b.date.day()), b.time.hours().count(), b.time.minutes().count(),
                     b.time.seconds().count(), b.time.subseconds().count());
}

std::string ToHttpDate(Timestamp t) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Broken b = BreakDown(t);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[b.weekday], unsigned(b.date.day()),
                     kMonths[unsigned(b.date.month()) - 1], int(b.date.year()), b.time.hours().count(),
                     b.time.minutes().count(), b.time.seconds().count());
}

}  // namespace sallyport
