// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/leased_buffer.h"

#include <utility>
#include <vector>

namespace sallyport::net {
namespace {

constexpr std::size_t kKept = 32;

// Trivially destructible, and so still readable when a buffer comes back after the thread's shelf has died.
thread_local bool shelf_is_gone = false;

struct Shelf {
  ~Shelf() { shelf_is_gone = true; }
  std::vector<std::unique_ptr<char[]>> small;
  std::vector<std::unique_ptr<char[]>> large;
};
thread_local Shelf shelf;

std::vector<std::unique_ptr<char[]>>& ShelfOf(std::size_t size) {
  return size == LeasedBuffer::kLarge ? shelf.large : shelf.small;
}

}  // namespace

LeasedBuffer::LeasedBuffer(bool large) : size_(large ? kLarge : kSmall) {
  auto& kept = ShelfOf(size_);
  if (kept.empty()) {
    data_ = std::make_unique_for_overwrite<char[]>(size_);
  } else {
    data_ = std::move(kept.back());
    kept.pop_back();
  }
}

LeasedBuffer::LeasedBuffer(LeasedBuffer&& other) noexcept
    : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}

LeasedBuffer& LeasedBuffer::operator=(LeasedBuffer&& other) noexcept {
  if (this != &other) {
    Return();
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

void LeasedBuffer::Return() {
  if (data_ == nullptr) return;
  if (!shelf_is_gone && ShelfOf(size_).size() < kKept) ShelfOf(size_).push_back(std::move(data_));
  data_.reset();
  size_ = 0;
}

}  // namespace sallyport::net
