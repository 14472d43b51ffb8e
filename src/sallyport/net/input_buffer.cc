// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/input_buffer.h"

#include <algorithm>

namespace sallyport::net {

bool InputBuffer::MakeRoom(std::size_t limit) {
  if (capacity_ == 0) Reallocate(small_);
  if (empty()) {
    begin_ = end_ = 0;
  } else if (begin_ > 0 && capacity_ - end_ < capacity_ / 2) {
    std::memmove(data_.get(), data_.get() + begin_, size());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ < capacity_) return true;
  if (capacity_ >= limit) return false;
  Reallocate(std::min(limit, std::max(capacity_ * 4, small_)));
  return true;
}

void InputBuffer::Assign(std::string_view bytes) {
  if (bytes.size() >= capacity_) {
    begin_ = end_ = 0;
    Reallocate(bytes.size() + small_);
  }
  std::memcpy(data_.get(), bytes.data(), bytes.size());
  begin_ = 0;
  end_ = bytes.size();
}

void InputBuffer::Shrink() {
  if (!empty()) return;
  begin_ = end_ = 0;
  if (capacity_ > small_) Reallocate(small_);
}

void InputBuffer::Reallocate(std::size_t capacity) {
  auto grown = std::make_unique_for_overwrite<char[]>(capacity);
  if (!empty()) std::memcpy(grown.get(), data_.get() + begin_, size());
  end_ -= begin_;
  begin_ = 0;
  data_ = std::move(grown);
  capacity_ = capacity;
}

}  // namespace sallyport::net
