// SPDX-License-Identifier: Apache-2.0
// A relay buffer, leased from the worker for as long as a body streams.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace sallyport::net {

class LeasedBuffer {
 public:
  static constexpr std::size_t kSmall = 16 * 1024;
  static constexpr std::size_t kLarge = 64 * 1024;

  LeasedBuffer() = default;
  explicit LeasedBuffer(bool large);
  LeasedBuffer(LeasedBuffer&& other) noexcept;
  LeasedBuffer& operator=(LeasedBuffer&& other) noexcept;
  ~LeasedBuffer() { Return(); }

  explicit operator bool() const { return data_ != nullptr; }
  std::span<char> span() { return {data_.get(), size_}; }
  // Gives it back to the worker, which keeps a few.
  void Return();

 private:
  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
};

}  // namespace sallyport::net
