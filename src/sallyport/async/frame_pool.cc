// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/frame_pool.h"

#include <array>
#include <new>

namespace sallyport::async {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

void* AllocateFrame(std::size_t size) { return ::operator new(size); }
void FreeFrame(void* frame, std::size_t size) noexcept { ::operator delete(frame, size); }

#else

namespace {

constexpr std::size_t kStep = 64;
constexpr std::size_t kClasses = 64;                    // up to 4 KiB
constexpr std::size_t kKeptBytes = 256 * 1024;          // of each class

struct Free {
  Free* next;
};

// Trivial to destroy: frames may be freed while a thread's other objects are going.
struct Shelf {
  Free* first;
  std::size_t bytes;
};

constinit thread_local std::array<Shelf, kClasses> shelves{};
constinit thread_local bool ended = false;

// Empties the shelves when the thread ends.
struct Sweeper {
  ~Sweeper() {
    ended = true;
    for (Shelf& shelf : shelves) {
      while (shelf.first != nullptr) {
        Free* const freed = shelf.first;
        shelf.first = freed->next;
        ::operator delete(freed);
      }
    }
  }
};

constexpr std::size_t ClassOf(std::size_t size) { return (size - 1) / kStep; }

}  // namespace

void* AllocateFrame(std::size_t size) {
  const std::size_t index = ClassOf(size);
  if (index >= kClasses) return ::operator new(size);
  Shelf& shelf = shelves[index];
  if (shelf.first != nullptr) {
    Free* const taken = shelf.first;
    shelf.first = taken->next;
    shelf.bytes -= (index + 1) * kStep;
    return taken;
  }
  return ::operator new((index + 1) * kStep);
}

void FreeFrame(void* frame, std::size_t size) noexcept {
  const std::size_t index = ClassOf(size);
  if (index >= kClasses || ended || shelves[index].bytes >= kKeptBytes) return ::operator delete(frame);
  thread_local const Sweeper sweeper;
  Shelf& shelf = shelves[index];
  shelf.first = new (frame) Free{shelf.first};
  shelf.bytes += (index + 1) * kStep;
}

#endif

}  // namespace sallyport::async
