// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/executor.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "sallyport/async/coroutine.h"
#include "sallyport/async/inbox.h"
#include "sallyport/async/loop.h"

namespace sallyport::async {

Inbox::Inbox() : wake_fd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Inbox::~Inbox() { ::close(wake_fd); }

void Inbox::Wake() const {
  const std::uint64_t one = 1;
  // It can only fail when the counter is full, and then the loop is awake.
  (void)!::write(wake_fd, &one, sizeof one);
}

std::vector<Executor::Work> Inbox::Take() {
  if (!pending.exchange(false, std::memory_order_acquire)) return {};
  const std::lock_guard lock(mutex);
  return std::exchange(work, {});
}

std::vector<Executor::Work> Inbox::Close() {
  const std::lock_guard lock(mutex);
  closed = true;
  return std::exchange(work, {});
}

void Executor::Post(Work work) const {
  bool wake = false;
  {
    const std::lock_guard lock(inbox_->mutex);
    if (inbox_->closed) return;   // `work` dies behind the lock: it may post again
    wake = inbox_->work.empty();
    inbox_->work.push_back(std::move(work));
    inbox_->pending.store(true, std::memory_order_release);
  }
  if (wake && !RunsHere()) inbox_->Wake();
}

bool Executor::RunsHere() const {
  const Loop* const loop = Loop::Current();
  return loop != nullptr && inbox_ && loop->executor_.inbox_ == inbox_;
}

Root::Root(Executor executor, std::coroutine_handle<> frame) : executor_(std::move(executor)), frame_(frame) {
  executor_.inbox_->roots.fetch_add(1, std::memory_order_relaxed);
}

Root::~Root() { executor_.inbox_->roots.fetch_sub(1, std::memory_order_relaxed); }

}  // namespace sallyport::async
