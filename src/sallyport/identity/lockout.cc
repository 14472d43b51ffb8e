// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/lockout.h"

#include <algorithm>
#include <vector>

#include "sallyport/identity/keyed_hash.h"

namespace sallyport::identity {
namespace {

constexpr Duration kLeastRest = std::chrono::hours(1);

Duration SinceEpoch(const Clock& clock) {
  return std::chrono::duration_cast<Duration>(clock.Steady().time_since_epoch());
}

Duration DelayAfter(int failures, const LockoutRule& rule) {
  Duration delay = rule.first_delay;
  for (int i = rule.free_failures; i < failures && delay < rule.max_delay; ++i) delay *= 2;
  return std::min(delay, rule.max_delay);
}

}  // namespace

Lockout::Lockout(LockoutRule rule, std::size_t max_keys, const Clock& clock, Random& random)
    : max_keys_per_shard_(std::max<std::size_t>(max_keys / kShards, 2)),
      clock_(clock),
      seed_(MakeHashSeed(random)) {
  SetRule(rule);
}

void Lockout::SetRule(LockoutRule rule) {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.rule = rule;
  }
}

std::uint64_t Lockout::HashOf(std::string_view key) const { return KeyedHash(seed_, key); }

Duration Lockout::Admit(std::string_view key) {
  const Duration now = SinceEpoch(clock_);
  const std::uint64_t hash = HashOf(key);
  Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  if (!shard.entries.contains(hash) && shard.entries.size() >= max_keys_per_shard_) MakeRoom(shard, now);
  Entry& entry = shard.entries[hash];
  if (entry.failures > 0 && entry.forget_at <= now) entry = Entry();
  if (entry.failures >= shard.rule.free_failures && entry.locked_until > now) return entry.locked_until - now;
  ++entry.failures;
  if (entry.failures >= shard.rule.free_failures) entry.locked_until = now + DelayAfter(entry.failures, shard.rule);
  entry.forget_at = now + std::max(shard.rule.max_delay * 4, kLeastRest);
  return Duration(0);
}

void Lockout::Succeeded(std::string_view key) {
  const std::uint64_t hash = HashOf(key);
  Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  shard.entries.erase(hash);
}

void Lockout::Withdraw(std::string_view key) {
  const std::uint64_t hash = HashOf(key);
  Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(hash);
  if (found == shard.entries.end()) return;
  found->second.locked_until = SinceEpoch(clock_);
  if (--found->second.failures <= 0) shard.entries.erase(found);
}

std::size_t Lockout::size() const {
  std::size_t total = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    total += shard.entries.size();
  }
  return total;
}

// Those with the fewest failures go first: a flood of fresh keys must not wash away a lock-out.
void Lockout::MakeRoom(Shard& shard, Duration now) {
  if (std::erase_if(shard.entries, [now](const auto& entry) { return entry.second.forget_at <= now; }) > 0) return;
  std::vector<int> failures;
  for (const auto& [hash, entry] : shard.entries) failures.push_back(entry.failures);
  const auto cut = failures.begin() + static_cast<std::ptrdiff_t>(failures.size() / 10);
  std::ranges::nth_element(failures, cut);
  std::size_t left = failures.size() / 10 + 1;
  std::erase_if(shard.entries,
                [&](const auto& entry) { return entry.second.failures <= *cut && left > 0 && left-- > 0; });
}

}  // namespace sallyport::identity
