// SPDX-License-Identifier: Apache-2.0
// The bytes of a connection that have been read and not yet consumed: one piece of memory, views into it stay valid until
// MakeRoom, Prepend or Shrink. Starts small, grows when a head needs it, and gives the growth back.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace sallyport::net {

class InputBuffer {
 public:
  explicit InputBuffer(std::size_t small) : small_(small) {}

  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  std::size_t capacity() const { return capacity_; }
  // Room behind the bytes; a read may be under way into it.
  std::span<char> free() { return {data_.get() + end_, capacity_ - end_}; }

  void Commit(std::size_t bytes) { end_ += bytes; }
  void Consume(std::size_t bytes) { begin_ += bytes; }

  // Not while a read is under way. Moves the bytes to the front when little room is left; grows up to `limit` when they
  // fill it. False when `limit` is reached and there is no room.
  bool MakeRoom(std::size_t limit);
  // Not while a read is under way. Replaces what is there by bytes from elsewhere.
  void Assign(std::string_view bytes);
  // Not while a read is under way. Back to the small size when empty and grown.
  void Shrink();

 private:
  void Reallocate(std::size_t capacity);

  const std::size_t small_;
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sallyport::net
