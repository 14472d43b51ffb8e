// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/listener.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sallyport/net/endpoint.h"
#include "sallyport/net/errc.h"

namespace sallyport::net {
namespace {

constexpr int kBacklog = 4096;

std::string Describe(const ListenAddress& address) {
  if (!address.unix_path.empty()) return "unix:" + address.unix_path;
  const bool v6 = address.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", address.host, v6 ? "]" : "", address.port);
}

std::unexpected<Error> Failed(const ListenAddress& address, const char* step, int error) {
  return Fail(Errc::kStopped, fmt::format("cannot {} {}: {}", step, Describe(address), std::strerror(error)));
}

Result<Endpoint> EndpointOf(const ListenAddress& address, std::uint16_t port) {
  auto endpoint = address.unix_path.empty() ? Endpoint::FromLiteral(address.host, port != 0 ? port : address.port)
                                            : Endpoint::FromUnixPath(address.unix_path);
  if (!endpoint) return Fail(Errc::kStopped, fmt::format("{} is not an address to listen on", Describe(address)));
  return *endpoint;
}

void SetOn(int fd, int level, int name) {
  const int on = 1;
  ::setsockopt(fd, level, name, &on, sizeof(on));
}

// A socket file that nobody listens on any more was left by a process that died.
Result<void> RemoveStaleSocket(const ListenAddress& address, const Endpoint& endpoint) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int connected = ::connect(fd, endpoint.data(), endpoint.size());
  const int error = errno;
  ::close(fd);
  if (connected == 0) return Failed(address, "listen on", EADDRINUSE);
  if (error == ECONNREFUSED) ::unlink(address.unix_path.c_str());
  return {};
}

}  // namespace

Result<void> CheckFree(const ListenAddress& address) {
  SALLYPORT_TRY(const auto endpoint, EndpointOf(address, 0));
  if (endpoint.family() == AF_UNIX) return RemoveStaleSocket(address, endpoint);
  if (address.port == 0) return {};
  const int fd = ::socket(endpoint.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return Failed(address, "open a socket for", errno);
  SetOn(fd, SOL_SOCKET, SO_REUSEADDR);
  if (endpoint.family() == AF_INET6) SetOn(fd, IPPROTO_IPV6, IPV6_V6ONLY);
  const int bound = ::bind(fd, endpoint.data(), endpoint.size());
  const int error = errno;
  ::close(fd);
  if (bound != 0) return Failed(address, "listen on", error);
  return {};
}

Result<BoundAddress> ListenOn(const ListenAddress& address, std::uint16_t port) {
  SALLYPORT_TRY(const auto endpoint, EndpointOf(address, port));
  const int fd = ::socket(endpoint.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return Failed(address, "open a socket for", errno);
  if (endpoint.family() != AF_UNIX) {
    SetOn(fd, SOL_SOCKET, SO_REUSEADDR);
    SetOn(fd, SOL_SOCKET, SO_REUSEPORT);
    // "::" and "0.0.0.0" stay two addresses, whatever the system's default is.
    if (endpoint.family() == AF_INET6) SetOn(fd, IPPROTO_IPV6, IPV6_V6ONLY);
  }
  if (::bind(fd, endpoint.data(), endpoint.size()) != 0 || ::listen(fd, kBacklog) != 0) {
    const int error = errno;
    ::close(fd);
    return Failed(address, "listen on", error);
  }
  return BoundAddress{fd, Endpoint::LocalOf(fd).port()};
}

Accepted AcceptFrom(int listener) {
  Endpoint peer;
  Accepted accepted;
  socklen_t size = Endpoint::kCapacity;
  accepted.fd = ::accept4(listener, peer.mutable_data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (accepted.fd < 0) {
    accepted.error = errno;
    return accepted;
  }
  peer.set_size(size);
  accepted.address = peer.address();
  accepted.port = peer.port();
  if (peer.family() != AF_UNIX) SetOn(accepted.fd, IPPROTO_TCP, TCP_NODELAY);
  return accepted;
}

}  // namespace sallyport::net
