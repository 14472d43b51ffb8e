// SPDX-License-Identifier: Apache-2.0
// The way to a loop's thread from anywhere. Copyable, cheap, thread-safe; may outlive its loop.
#pragma once

#include <functional>
#include <memory>

namespace sallyport::async {

struct Inbox;

class Executor {
 public:
  using Work = std::move_only_function<void()>;

  // Of no loop: nothing may be posted to it.
  Executor() = default;

  // Runs `work` on the loop's thread, later; the order of one thread's posts is kept. Destroys it unrun when the loop has gone.
  // An exception that leaves it is logged.
  void Post(Work work) const;
  // The calling thread is the loop's, and the loop runs.
  bool RunsHere() const;

  bool operator==(const Executor&) const = default;

 private:
  friend class Loop;
  friend class Root;
  explicit Executor(std::shared_ptr<Inbox> inbox) : inbox_(std::move(inbox)) {}

  std::shared_ptr<Inbox> inbox_;
};

}  // namespace sallyport::async

namespace sallyport {
using async::Executor;
}
