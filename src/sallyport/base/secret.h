// SPDX-License-Identifier: Apache-2.0
// A string that must not be printed and is wiped when it dies (S62).
//
// There is no operator<<, no formatter and no implicit conversion: `Reveal()` is the one way out, so that
// "who touches secrets" is one grep. Copies are explicit for the same reason.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

// Overwrites memory in a way that the optimiser keeps.
void WipeMemory(void* data, std::size_t size) noexcept;

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(Secret&& other) noexcept { *this = std::move(other); }
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { Wipe(); }

  Secret Clone() const { return Secret(value_); }
  bool empty() const { return value_.empty(); }
  std::size_t size() const { return value_.size(); }
  std::string_view Reveal() const { return value_; }

 private:
  void Wipe() noexcept { WipeMemory(value_.data(), value_.capacity()); }
  std::string value_;
};

}  // namespace sallyport
