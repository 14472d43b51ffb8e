// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/session_table.h"

#include <cstring>
#include <utility>

namespace sallyport::session {
namespace {

constexpr std::size_t kInitialSlots = 64;

}  // namespace

SessionTable::SessionTable() : slots_(kInitialSlots), mask_(kInitialSlots - 1) {}

std::size_t SessionTable::Home(const model::TokenHash& key) const {
  std::uint64_t prefix;
  std::memcpy(&prefix, key.data(), sizeof(prefix));
  return static_cast<std::size_t>(prefix) & mask_;
}

SessionTable::Slot* SessionTable::Find(const model::TokenHash& key) {
  for (std::size_t i = Home(key); slots_[i].record; i = (i + 1) & mask_) {
    if (std::memcmp(slots_[i].key.data(), key.data(), key.size()) == 0) return &slots_[i];
  }
  return nullptr;
}

SessionTable::Slot& SessionTable::Insert(const model::TokenHash& key) {
  if ((size_ + 1) * 10 > slots_.size() * 7) Grow();
  std::size_t i = Home(key);
  while (slots_[i].record) i = (i + 1) & mask_;
  ++size_;
  slots_[i] = Slot{};
  slots_[i].key = key;
  return slots_[i];
}

void SessionTable::Erase(const model::TokenHash& key) {
  Slot* found = Find(key);
  if (!found) return;
  --size_;
  std::size_t hole = static_cast<std::size_t>(found - slots_.data());
  // Backward shift instead of tombstones: what follows moves up unless that would put it before its home.
  for (std::size_t i = (hole + 1) & mask_; slots_[i].record; i = (i + 1) & mask_) {
    if (((i - Home(slots_[i].key)) & mask_) >= ((i - hole) & mask_)) {
      slots_[hole] = slots_[i];
      hole = i;
    }
  }
  slots_[hole] = Slot{};
}

void SessionTable::Grow() {
  std::vector<Slot> old(slots_.size() * 2);
  std::swap(old, slots_);
  mask_ = slots_.size() - 1;
  hand_ = 0;
  for (const Slot& slot : old) {
    if (!slot.record) continue;
    std::size_t i = Home(slot.key);
    while (slots_[i].record) i = (i + 1) & mask_;
    slots_[i] = slot;
  }
}

}  // namespace sallyport::session
