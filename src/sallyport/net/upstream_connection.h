// SPDX-License-Identifier: Apache-2.0
// One connection to an upstream, and the pool's inner side: what relay.cc works with. Lives on one worker.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sallyport/async/timer_wheel.h"
#include "sallyport/http/response_head.h"
#include "sallyport/net/input_buffer.h"
#include "sallyport/net/options.h"
#include "sallyport/net/socket.h"
#include "sallyport/net/upstream_health.h"
#include "sallyport/net/upstream_pool.h"

namespace sallyport::net {

class UpstreamConnection final : private ReadObserver {
 public:
  UpstreamConnection(std::shared_ptr<UpstreamPool::Impl> pool, std::size_t address);
  ~UpstreamConnection();

  void Attach(int fd);
  // Begins the read of the next answer, already while the connection is idle: so its end is noticed at once.
  void StartReadAhead();
  // Asks the kernel whether anything (data or the end) has arrived that the loop has not seen yet.
  bool SeemsAlive() const;

  Socket socket;
  InputBuffer in{8 * 1024};
  http::ResponseHead head;
  std::string line;                 // request line
  std::string out;                  // request head
  async::Deadline deadline;         // expiry closes the socket and sets timed_out
  bool timed_out = false;
  bool idle = false;
  bool reused = false;
  const std::size_t address;

 private:
  void OnDeadline();
  std::span<char> BufferForRead() override;
  void OnUnawaitedRead(std::ptrdiff_t result) override;

  const std::shared_ptr<UpstreamPool::Impl> pool_;
};

using UpstreamConnectionPtr = std::shared_ptr<UpstreamConnection>;

struct UpstreamPool::Impl : std::enable_shared_from_this<UpstreamPool::Impl> {
  Impl(const UpstreamOptions& o, std::shared_ptr<UpstreamHealth> h, Executor e);

  // The most recently used idle connection, or null.
  UpstreamConnectionPtr TakeIdle(std::size_t address);
  // Errors: kUpstreamRefused, kUpstreamTimeout, kUpstreamBusy. Counts towards the address's health.
  Task<UpstreamConnectionPtr> Connect(std::size_t address);
  // The answer was understood to its last byte, and nothing follows it.
  void PutBack(UpstreamConnectionPtr connection);
  void Discard(UpstreamConnection& connection);
  void CloseIdle();

  struct PerAddress {
    std::vector<UpstreamConnectionPtr> idle;
    std::size_t open = 0;   // idle ones included
  };

  const UpstreamOptions options;
  const std::shared_ptr<UpstreamHealth> health;
  const Executor executor;
  std::vector<PerAddress> addresses;
  bool closed = false;
};

}  // namespace sallyport::net
