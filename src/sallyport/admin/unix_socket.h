// SPDX-License-Identifier: Apache-2.0
// Blocking unix sockets with deadlines, for the control socket and its client.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sallyport/base/result.h"

namespace sallyport::admin {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept { std::swap(fd_, other.fd_); return *this; }
  ~Descriptor();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Mode 0600 from its first moment. A socket file that is there is replaced; anything else is an error.
Result<Descriptor> ListenUnix(const std::string& path);
Result<Descriptor> ConnectUnix(const std::string& path);
// The uid of the process at the other end.
std::optional<unsigned> PeerUid(int fd);

// Up to and without the first "\n"; nullopt at `max` bytes, at the end of the stream before one, or at the deadline.
std::optional<std::string> ReadLine(int fd, std::size_t max, std::chrono::steady_clock::time_point deadline);
bool WriteAll(int fd, std::string_view bytes, std::chrono::steady_clock::time_point deadline);

}  // namespace sallyport::admin
