// SPDX-License-Identifier: Apache-2.0
// A socket address: IPv4, IPv6 or unix.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::net {

class Endpoint {
 public:
  static constexpr socklen_t kCapacity = sizeof(sockaddr_storage);

  Endpoint() = default;
  // An IPv4 or IPv6 literal without brackets; empty when it is not one.
  static std::optional<Endpoint> FromLiteral(std::string_view host, std::uint16_t port);
  // Empty when the path is too long for the system (107 bytes).
  static std::optional<Endpoint> FromUnixPath(std::string_view path);
  static Endpoint LocalOf(int fd);
  // Every address of `host`. Blocks; empty when there is none.
  static std::vector<Endpoint> Resolve(const std::string& host, std::uint16_t port);

  int family() const { return storage_.ss_family; }
  const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  sockaddr* mutable_data() { return reinterpret_cast<sockaddr*>(&storage_); }
  socklen_t size() const { return size_; }
  void set_size(socklen_t size) { size_ = size; }

  // "192.0.2.1" (v4-mapped IPv6 too), "2001:db8::1", "unix".
  std::string address() const;
  std::uint16_t port() const;

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

}  // namespace sallyport::net
