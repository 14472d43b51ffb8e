// SPDX-License-Identifier: Apache-2.0
// Listening sockets that somebody else has opened: systemd (LISTEN_FDS), or the process that this one takes over from.
//
// What was inherited is never bound again and never closed before it is accepted from, so that no connection that waits in
// its queue is lost. Not thread-safe: for the thread that starts the servers.
#pragma once

#include <string>
#include <vector>

#include "sallyport/net/options.h"

namespace sallyport::net {

// Where a listening socket is bound, as configured addresses say it. An empty host and path: it is none.
ListenAddress AddressOf(int listener);

class InheritedListeners {
 public:
  InheritedListeners() = default;
  // Takes the descriptors over.
  explicit InheritedListeners(std::vector<int> descriptors);
  InheritedListeners(InheritedListeners&& other) noexcept : listeners_(std::move(other.listeners_)) { other.listeners_.clear(); }
  InheritedListeners& operator=(InheritedListeners&& other) noexcept {
    std::swap(listeners_, other.listeners_);
    return *this;
  }
  // Closes what nobody has taken.
  ~InheritedListeners();

  // The descriptors bound to that address, non-blocking and close-on-exec; the caller's from now on. None: bind it.
  std::vector<int> Take(const ListenAddress& address);
  // Addresses that nobody has taken, for a warning.
  std::vector<ListenAddress> left() const;

 private:
  struct One {
    int fd;
    ListenAddress address;
  };
  std::vector<One> listeners_;
};

// Those of systemd, or of anything that speaks its protocol (sd_listen_fds(3)), and takes the variables out of the environment.
InheritedListeners ListenersFromEnvironment();

}  // namespace sallyport::net
