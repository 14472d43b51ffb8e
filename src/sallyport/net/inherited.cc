// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/inherited.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "sallyport/net/endpoint.h"

namespace sallyport::net {
namespace {

constexpr int kFirstDescriptor = 3;   // SD_LISTEN_FDS_START
constexpr int kMostDescriptors = 1024;

std::optional<int> NumberFrom(const char* name) {
  const char* const text = std::getenv(name);
  int number = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), number);
  return error == std::errc() && *end == '\0' ? std::optional(number) : std::nullopt;
}

bool IsListening(int fd) {
  int listening = 0;
  socklen_t size = sizeof(listening);
  return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

// One spelling for "::1" and "0:0:0:0:0:0:0:1".
bool Same(const ListenAddress& bound, const ListenAddress& wanted) {
  if (!wanted.unix_path.empty()) return bound.unix_path == wanted.unix_path;
  const auto endpoint = Endpoint::FromLiteral(wanted.host, wanted.port);
  return endpoint && bound.unix_path.empty() && bound.host == endpoint->address() && bound.port == wanted.port;
}

}  // namespace

ListenAddress AddressOf(int listener) {
  if (!IsListening(listener)) return {};
  const Endpoint local = Endpoint::LocalOf(listener);
  if (local.family() != AF_UNIX) return {local.address(), local.port(), ""};
  const auto* const address = reinterpret_cast<const sockaddr_un*>(local.data());
  return {"", 0, std::string(address->sun_path, ::strnlen(address->sun_path, sizeof(address->sun_path)))};
}

InheritedListeners::InheritedListeners(std::vector<int> descriptors) {
  for (const int fd : descriptors) {
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ListenAddress address = AddressOf(fd);
    if (address.host.empty() && address.unix_path.empty()) {
      ::close(fd);
      continue;
    }
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    listeners_.push_back({fd, std::move(address)});
  }
}

InheritedListeners::~InheritedListeners() {
  for (const One& one : listeners_) ::close(one.fd);
}

std::vector<int> InheritedListeners::Take(const ListenAddress& address) {
  std::vector<int> taken;
  std::erase_if(listeners_, [&](const One& one) {
    if (!Same(one.address, address)) return false;
    taken.push_back(one.fd);
    return true;
  });
  return taken;
}

std::vector<ListenAddress> InheritedListeners::left() const {
  std::vector<ListenAddress> addresses;
  for (const One& one : listeners_) addresses.push_back(one.address);
  return addresses;
}

InheritedListeners ListenersFromEnvironment() {
  const auto pid = NumberFrom("LISTEN_PID"), count = NumberFrom("LISTEN_FDS");
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
  std::vector<int> descriptors;
  if (pid && count && *pid == ::getpid() && *count > 0 && *count <= kMostDescriptors) {
    for (int i = 0; i < *count; ++i) descriptors.push_back(kFirstDescriptor + i);
  }
  return InheritedListeners(std::move(descriptors));
}

}  // namespace sallyport::net
