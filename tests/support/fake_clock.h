// SPDX-License-Identifier: Apache-2.0
// A clock that only moves when told. Thread-safe.
#pragma once

#include <atomic>

#include "sallyport/base/clock.h"

namespace sallyport::test {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(Timestamp start = FromUnixSeconds(1'800'000'000)) : now_ms_(UnixMillis(start)), start_ms_(now_ms_) {}

  Timestamp Now() const override { return FromUnixMillis(now_ms_); }
  SteadyTime Steady() const override { return SteadyTime(Duration(now_ms_ - start_ms_)); }
  void Advance(Duration by) { now_ms_ += by.count(); }
  void Set(Timestamp to) { now_ms_ = UnixMillis(to); }

 private:
  std::atomic<std::int64_t> now_ms_;
  const std::int64_t start_ms_;
};

}  // namespace sallyport::test
