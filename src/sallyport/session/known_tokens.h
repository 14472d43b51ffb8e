// SPDX-License-Identifier: Apache-2.0
// Tokens that the store has known while this process ran: a limit on guesses must not hold up the people behind the same
// address whose session another worker, or this one some time ago, has seen. It says nothing of whether the session lives.
//
// Direct-mapped and of fixed size (512 KiB, of which only what is used becomes resident); a collision forgets the older one.
// Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "sallyport/model/ids.h"

namespace sallyport::session {

class KnownTokens {
 public:
  KnownTokens() {
    if (slots_ == nullptr) throw std::bad_alloc();
  }
  void Add(const model::TokenHash& hash) { SlotOf(hash).store(MarkOf(hash), std::memory_order_relaxed); }
  bool Contains(const model::TokenHash& hash) const { return SlotOf(hash).load(std::memory_order_relaxed) == MarkOf(hash); }

 private:
  static constexpr std::size_t kSlots = 65'536;
  // The slot takes the first bytes, the mark the following ones: nobody finds another token for both.
  std::atomic_ref<std::uint64_t> SlotOf(const model::TokenHash& hash) const {
    std::uint64_t prefix;
    std::memcpy(&prefix, hash.data(), sizeof(prefix));
    return std::atomic_ref(slots_.get()[prefix % kSlots]);
  }
  static std::uint64_t MarkOf(const model::TokenHash& hash) {
    std::uint64_t mark;
    std::memcpy(&mark, hash.data() + sizeof(mark), sizeof(mark));
    return mark | 1;  // 0 is an empty slot
  }
  struct Free {
    void operator()(std::uint64_t* slots) const { std::free(slots); }
  };
  // calloc leaves it to the kernel to zero a page when it is first used.
  std::unique_ptr<std::uint64_t, Free> slots_{static_cast<std::uint64_t*>(std::calloc(kSlots, sizeof(std::uint64_t)))};
};

}  // namespace sallyport::session
