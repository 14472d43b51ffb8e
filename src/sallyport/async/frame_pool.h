// SPDX-License-Identifier: Apache-2.0
// Memory of coroutine frames: each thread keeps what it has freed, by size, and hands it out again, so that a request in the
// steady state asks the allocator for nothing.
//
// A frame may be freed on another thread than the one that made it. Under the sanitizers every frame comes from the allocator,
// so that a use after free is seen.
#pragma once

#include <cstddef>

namespace sallyport::async {

void* AllocateFrame(std::size_t size);
// `size` as it was asked for.
void FreeFrame(void* frame, std::size_t size) noexcept;

}  // namespace sallyport::async
