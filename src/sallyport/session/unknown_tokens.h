// SPDX-License-Identifier: Apache-2.0
// Tokens that the store does not know, for a few seconds. Direct-mapped and of fixed size, because the keys are whatever an
// attacker sends: a collision forgets the older one, and nothing gets slower. Single-threaded.
#pragma once

#include <cstring>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/model/ids.h"

namespace sallyport::session {

class UnknownTokens {
 public:
  bool Contains(const model::TokenHash& key, Timestamp now, std::uint64_t sequence) const {
    if (entries_.empty()) return false;
    const Entry& entry = entries_[IndexOf(key)];
    return entry.sequence == sequence && now < entry.until && entry.key == key;
  }
  void Add(const model::TokenHash& key, Timestamp until, std::uint64_t sequence) {
    if (entries_.empty()) entries_.resize(kEntries);
    entries_[IndexOf(key)] = {key, until, sequence};
  }

 private:
  static constexpr std::size_t kEntries = 4096;
  struct Entry {
    model::TokenHash key{};
    Timestamp until{};
    std::uint64_t sequence = 0;
  };
  static std::size_t IndexOf(const model::TokenHash& key) {
    std::uint64_t prefix;
    std::memcpy(&prefix, key.data(), sizeof(prefix));
    return prefix % kEntries;
  }
  std::vector<Entry> entries_;
};

}  // namespace sallyport::session
