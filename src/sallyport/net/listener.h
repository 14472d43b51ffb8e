// SPDX-License-Identifier: Apache-2.0
// Listening sockets: made on the thread that starts the server, accepted from by a worker.
#pragma once

#include <cstdint>
#include <string>

#include "sallyport/base/result.h"
#include "sallyport/net/options.h"

namespace sallyport::net {

struct BoundAddress {
  int fd = -1;
  std::uint16_t port = 0;
};

// Binds and listens with SO_REUSEPORT. `port` replaces the address's own unless 0 (a port chosen for the first worker).
Result<BoundAddress> ListenOn(const ListenAddress& address, std::uint16_t port);
// Fails when another process listens there: SO_REUSEPORT alone would share the port with it silently.
Result<void> CheckFree(const ListenAddress& address);

struct Accepted {
  int fd = -1;      // -1: none; `error` says why (EAGAIN: nobody waits)
  int error = 0;
  std::string address;
  std::uint16_t port = 0;
};
// Non-blocking, close-on-exec, TCP_NODELAY.
Accepted AcceptFrom(int listener);

}  // namespace sallyport::net
