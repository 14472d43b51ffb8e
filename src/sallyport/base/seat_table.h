// SPDX-License-Identifier: Apache-2.0
// How many of something each 64-bit key holds at present: no lock, no allocation, one cache line a call.
//
// A fixed table: a key has one of the eight places of its group as long as it holds anything. When all eight are taken by
// others, it is let through uncounted. Keys must be hashes under a secret seed, so that nobody outside can choose those that
// collide; 40 bits of them are compared. Thread-safe. The table must outlive its seats.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

namespace sallyport {

class SeatTable {
 public:
  static constexpr std::uint32_t kMost = (1U << 24) - 1;   // that a key can hold

  // What is held; given back when it goes. Move-only.
  class Seat {
   public:
    Seat() = default;
    Seat(Seat&& other) noexcept : place_(std::exchange(other.place_, nullptr)) {}
    Seat& operator=(Seat&& other) noexcept {
      std::swap(place_, other.place_);
      return *this;
    }
    ~Seat() { Leave(); }
    void Leave() {
      if (place_ != nullptr) std::exchange(place_, nullptr)->fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    friend class SeatTable;
    std::atomic<std::uint64_t>* place_ = nullptr;
  };

  // Room for about so many keys, at least.
  explicit SeatTable(std::size_t keys);

  // False when the key holds `most` already. `seat` must hold nothing.
  bool Take(std::uint64_t key, std::uint32_t most, Seat& seat);

 private:
  // 40 bits of the key, 24 of how many it holds; nothing held: free.
  struct alignas(64) Group {
    std::array<std::atomic<std::uint64_t>, 8> places{};
  };

  std::vector<Group> groups_;   // a power of two
};

}  // namespace sallyport
