// SPDX-License-Identifier: Apache-2.0
// Reproducible bytes (a counter through splitmix64), never twice the same. Thread-safe.
#pragma once

#include <atomic>

#include "sallyport/base/random.h"

namespace sallyport::test {

class FakeRandom final : public Random {
 public:
  explicit FakeRandom(std::uint64_t seed = 1) : state_(seed) {}

  void Fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) {
      std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
      byte = static_cast<std::uint8_t>(z ^ (z >> 31));
    }
  }

 private:
  std::atomic<std::uint64_t> state_;
};

}  // namespace sallyport::test
