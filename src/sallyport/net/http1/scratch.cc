// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/http1/scratch.h"

#include <vector>

namespace sallyport::net {
namespace {

constexpr std::size_t kKept = 64;
constexpr std::size_t kMostOutput = 16 * 1024;

// Trivially destructible, and so still readable when one comes back after the thread's shelf has died.
thread_local bool shelf_is_gone = false;

struct Shelf {
  ~Shelf() { shelf_is_gone = true; }
  std::vector<std::unique_ptr<Scratch>> kept;
};
thread_local Shelf shelf;

}  // namespace

LeasedScratch LeaseScratch() {
  if (shelf_is_gone || shelf.kept.empty()) return LeasedScratch(new Scratch);
  LeasedScratch scratch(shelf.kept.back().release());
  shelf.kept.pop_back();
  return scratch;
}

void ReturnScratch::operator()(Scratch* scratch) const {
  std::unique_ptr<Scratch> back(scratch);
  if (shelf_is_gone || shelf.kept.size() >= kKept) return;
  back->in.Consume(back->in.size());
  back->in.Shrink();
  back->out.clear();
  if (back->out.capacity() > kMostOutput) back->out = std::string();
  shelf.kept.push_back(std::move(back));
}

}  // namespace sallyport::net
