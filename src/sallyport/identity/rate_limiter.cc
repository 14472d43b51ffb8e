// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/rate_limiter.h"

#include <algorithm>
#include <vector>

#include "sallyport/identity/keyed_hash.h"

namespace sallyport::identity {
namespace {

std::int64_t Micros(Duration duration) { return std::chrono::microseconds(duration).count(); }

}  // namespace

RateLimiter::RateLimiter(Rate rate, std::size_t max_keys, const Clock& clock, Random& random)
    : max_keys_per_shard_(std::max<std::size_t>(max_keys / kShards, 2)),
      clock_(clock),
      seed_(MakeHashSeed(random)) {
  SetRate(rate);
}

void RateLimiter::SetRate(Rate rate) {
  const std::int64_t interval = std::max<std::int64_t>(Micros(rate.period) / std::max(rate.burst, 1), 1);
  interval_us_ = interval;
  period_us_ = interval * std::max(rate.burst, 1);
}

std::uint64_t RateLimiter::HashOf(std::string_view key) const { return KeyedHash(seed_, key); }

std::int64_t RateLimiter::NowMicros() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(clock_.Steady().time_since_epoch()).count();
}

std::int64_t RateLimiter::WaitMicros(std::int64_t arrival, std::int64_t now) const {
  return std::max<std::int64_t>(arrival - now - (period_us_ - interval_us_), 0);
}

Duration RateLimiter::Admit(std::string_view key) {
  const std::int64_t now = NowMicros();
  const std::uint64_t hash = HashOf(key);
  Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  auto found = shard.arrivals.find(hash);
  if (found == shard.arrivals.end()) {
    if (shard.arrivals.size() >= max_keys_per_shard_) MakeRoom(shard, now);
    found = shard.arrivals.emplace(hash, now).first;
  }
  const std::int64_t wait = WaitMicros(found->second, now);
  if (wait > 0) return std::chrono::ceil<Duration>(std::chrono::microseconds(wait));
  found->second = std::max(found->second, now) + interval_us_;
  return Duration(0);
}

Duration RateLimiter::Peek(std::string_view key) const {
  const std::int64_t now = NowMicros();
  const std::uint64_t hash = HashOf(key);
  const Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.arrivals.find(hash);
  if (found == shard.arrivals.end()) return Duration(0);
  return std::chrono::ceil<Duration>(std::chrono::microseconds(WaitMicros(found->second, now)));
}

void RateLimiter::Refund(std::string_view key) {
  const std::uint64_t hash = HashOf(key);
  Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.arrivals.find(hash);
  if (found != shard.arrivals.end()) found->second -= interval_us_;
}

std::size_t RateLimiter::size() const {
  std::size_t total = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    total += shard.arrivals.size();
  }
  return total;
}

// A tenth goes at a time, so that a flood of new keys does not search the shard for each of them.
void RateLimiter::MakeRoom(Shard& shard, std::int64_t now) {
  if (std::erase_if(shard.arrivals, [now](const auto& entry) { return entry.second <= now; }) > 0) return;
  std::vector<std::int64_t> arrivals;
  for (const auto& [hash, arrival] : shard.arrivals) arrivals.push_back(arrival);
  const auto cut = arrivals.begin() + static_cast<std::ptrdiff_t>(arrivals.size() / 10);
  std::ranges::nth_element(arrivals, cut);
  std::size_t left = arrivals.size() / 10 + 1;
  std::erase_if(shard.arrivals, [&](const auto& entry) { return entry.second <= *cut && left > 0 && left-- > 0; });
}

}  // namespace sallyport::identity
