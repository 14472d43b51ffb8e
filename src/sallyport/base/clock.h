// SPDX-License-Identifier: Apache-2.0
// Time as a dependency. Nothing outside clock.cc and net/ asks the system for the time.
#pragma once

#include <chrono>
#include <string>

namespace sallyport {

using Duration = std::chrono::milliseconds;
using Timestamp = std::chrono::sys_time<Duration>;      // wall clock, UTC, milliseconds
using SteadyTime = std::chrono::steady_clock::time_point;  // for time-outs

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp Now() const = 0;
  virtual SteadyTime Steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp Now() const override;
  SteadyTime Steady() const override;
};

inline std::int64_t UnixSeconds(Timestamp t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}
inline std::int64_t UnixMillis(Timestamp t) { return t.time_since_epoch().count(); }
inline Timestamp FromUnixSeconds(std::int64_t s) { return Timestamp(std::chrono::seconds(s)); }
inline Timestamp FromUnixMillis(std::int64_t ms) { return Timestamp(Duration(ms)); }

// "2026-11-21T08:45:00.123Z", as JavaScript's toISOString writes it.
std::string ToIso8601(Timestamp t);
// "Sat, 21 Nov 2026 08:45:00 GMT" (RFC 9110 §5.6.7), for Expires and Date.
std::string ToHttpDate(Timestamp t);

}  // namespace sallyport
