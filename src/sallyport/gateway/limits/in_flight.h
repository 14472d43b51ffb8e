// SPDX-License-Identifier: Apache-2.0
// How many exchanges are under way with one thing (an upstream, a route), over all workers, and how many may be.
//
// Thread-safe: one atomic, touched only while there is a limit. Those that were let in while there was none are not counted.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace sallyport::gateway {

class InFlight {
 public:
  // One that is under way; ends with it. Move-only.
  class Pass {
   public:
    Pass() = default;
    Pass(Pass&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
    Pass& operator=(Pass&& other) noexcept {
      std::swap(of_, other.of_);
      return *this;
    }
    ~Pass() { Leave(); }
    void Leave() {
      if (of_ != nullptr) std::exchange(of_, nullptr)->count_.fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    friend class InFlight;
    InFlight* of_ = nullptr;
  };

  // 0: as many as come.
  void SetMost(std::uint32_t most) { most_.store(most, std::memory_order_relaxed); }
  std::uint32_t most() const { return most_.load(std::memory_order_relaxed); }
  std::uint32_t count() const { return count_.load(std::memory_order_relaxed); }
  // A look before work is begun that Enter would make vain.
  bool Full() const { return most() != 0 && count() >= most(); }
  // False when there are as many as may be. `pass` must be empty.
  bool Enter(Pass& pass) {
    if (most() == 0) return true;
    if (count_.fetch_add(1, std::memory_order_relaxed) >= most()) {
      count_.fetch_sub(1, std::memory_order_relaxed);
      return false;
    }
    pass.of_ = this;
    return true;
  }

 private:
  std::atomic<std::uint32_t> count_ = 0;
  std::atomic<std::uint32_t> most_ = 0;
};

}  // namespace sallyport::gateway
