// SPDX-License-Identifier: Apache-2.0
// Hash table from cookie hash to session: open addressing with linear probing, one cache line a slot. The keys are SHA-256
// of values that only we can make, so their first bytes are the hash. Grows by doubling; never shrinks. Single-threaded.
#pragma once

#include <cstdint>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/model/ids.h"
#include "sallyport/session/session.h"

namespace sallyport::session {

struct CacheRecord;

class SessionTable {
 public:
  struct alignas(64) Slot {
    model::TokenHash key;
    Timestamp until{};               // end of this cookie value, at most the session's absolute end
    Session* session = nullptr;      // of the record
    CacheRecord* record = nullptr;   // nullptr: the slot is free
    bool used = false;               // since the clock's hand passed
  };

  SessionTable();

  // nullptr when absent. The pointer is good until the next Insert or Erase.
  Slot* Find(const model::TokenHash& key);
  // Precondition: absent.
  Slot& Insert(const model::TokenHash& key);
  void Erase(const model::TokenHash& key);
  std::size_t size() const { return size_; }

  // Second chance: moves the hand on over at most `steps` slots, clears their marks, and stops at the first unmarked slot
  // for which `may_leave(slot)` is true. nullptr when there is none.
  template <class MayLeave>
  Slot* NextVictim(std::size_t steps, MayLeave&& may_leave) {
    for (; steps > 0; --steps) {
      Slot& slot = slots_[hand_];
      hand_ = (hand_ + 1) & mask_;
      if (!slot.record) continue;
      if (!slot.used && may_leave(static_cast<const Slot&>(slot))) return &slot;
      slot.used = false;
    }
    return nullptr;
  }
  std::size_t slots() const { return slots_.size(); }

 private:
  std::size_t Home(const model::TokenHash& key) const;
  void Grow();

  std::vector<Slot> slots_;
  std::size_t mask_;
  std::size_t size_ = 0;
  std::size_t hand_ = 0;
};

}  // namespace sallyport::session
