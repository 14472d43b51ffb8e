// SPDX-License-Identifier: Apache-2.0
// Inner header of executor.cc and loop.cc: what other threads have for a loop.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

#include "sallyport/async/executor.h"

namespace sallyport::async {

struct Inbox {
  Inbox();   // throws when there is no descriptor
  ~Inbox();
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  void Wake() const;
  // What has come; the loop's thread.
  std::vector<Executor::Work> Take();
  // Gives what has come, to be destroyed by the caller; later work is destroyed by who posts it.
  std::vector<Executor::Work> Close();

  const int wake_fd;                           // an eventfd
  std::atomic<bool> pending = false;           // there may be work
  std::atomic<std::size_t> roots = 0;          // spawned coroutines that have not ended
  std::mutex mutex;
  std::vector<Executor::Work> work;
  bool closed = false;
};

}  // namespace sallyport::async
