// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/endpoint.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <array>
#include <cstddef>
#include <cstring>

namespace sallyport::net {

std::optional<Endpoint> Endpoint::FromLiteral(std::string_view host, std::uint16_t port) {
  const std::string text(host);
  Endpoint endpoint;
  auto& v4 = reinterpret_cast<sockaddr_in&>(endpoint.storage_);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(endpoint.storage_);
  if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    endpoint.size_ = sizeof(sockaddr_in);
    return endpoint;
  }
  if (::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    endpoint.size_ = sizeof(sockaddr_in6);
    return endpoint;
  }
  return std::nullopt;
}

std::optional<Endpoint> Endpoint::FromUnixPath(std::string_view path) {
  Endpoint endpoint;
  auto& local = reinterpret_cast<sockaddr_un&>(endpoint.storage_);
  if (path.empty() || path.size() >= sizeof(local.sun_path)) return std::nullopt;
  local.sun_family = AF_UNIX;
  std::memcpy(local.sun_path, path.data(), path.size());
  endpoint.size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return endpoint;
}

Endpoint Endpoint::LocalOf(int fd) {
  Endpoint endpoint;
  endpoint.size_ = kCapacity;
  if (::getsockname(fd, endpoint.mutable_data(), &endpoint.size_) != 0) endpoint.size_ = 0;
  return endpoint;
}

std::vector<Endpoint> Endpoint::Resolve(const std::string& host, std::uint16_t port) {
  if (const auto literal = FromLiteral(host, port)) return {*literal};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  std::vector<Endpoint> endpoints;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return endpoints;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    if (at->ai_family != AF_INET && at->ai_family != AF_INET6) continue;
    Endpoint endpoint;
    std::memcpy(&endpoint.storage_, at->ai_addr, at->ai_addrlen);
    endpoint.size_ = at->ai_addrlen;
    // sin_port and sin6_port are at the same place.
    reinterpret_cast<sockaddr_in&>(endpoint.storage_).sin_port = htons(port);
    endpoints.push_back(endpoint);
  }
  ::freeaddrinfo(found);
  return endpoints;
}

std::string Endpoint::address() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family() == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(storage_).sin_addr, text.data(), text.size());
  } else if (family() == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage_).sin6_addr;
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&v6);
    ::inet_ntop(mapped ? AF_INET : AF_INET6, mapped ? v6.s6_addr + 12 : v6.s6_addr, text.data(), text.size());
  } else {
    return "unix";
  }
  return text.data();
}

std::uint16_t Endpoint::port() const {
  if (family() != AF_INET && family() != AF_INET6) return 0;
  return ntohs(reinterpret_cast<const sockaddr_in&>(storage_).sin_port);
}

}  // namespace sallyport::net
