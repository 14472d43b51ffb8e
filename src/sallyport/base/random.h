// SPDX-License-Identifier: Apache-2.0
// Randomness as a dependency. crypto/system_random.h is the CSPRNG; tests use support/fake_random.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sallyport {

// Every implementation is thread-safe. Fill never fails: an implementation that cannot deliver aborts the process,
// because no caller could go on safely.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<std::uint8_t> out) = 0;

  // `bytes` random bytes as lower-case hex.
  std::string Hex(std::size_t bytes);
  // RFC 9562 version 4, lower-case.
  std::string UuidV4();
};

}  // namespace sallyport
