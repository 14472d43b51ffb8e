// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/secret.h"

#include <cstring>

namespace sallyport {

void WipeMemory(void* data, std::size_t size) noexcept {
  if (size > 0) explicit_bzero(data, size);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    Wipe();
    value_ = std::move(other.value_);
    other.Wipe();  // a short string was copied, not moved
    other.value_.clear();
  }
  return *this;
}

}  // namespace sallyport
