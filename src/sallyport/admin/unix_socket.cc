// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/unix_socket.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sallyport::admin {
namespace {

std::unexpected<Error> Failed(std::string_view what, const std::string& path) {
  const int code = errno;
  return Fail(std::error_code(code, std::generic_category()), fmt::format("cannot {} {}: {}", what, path, std::strerror(code)));
}

bool Address(const std::string& path, sockaddr_un& out) {
  out = {};
  out.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(out.sun_path)) return false;
  std::memcpy(out.sun_path, path.data(), path.size());
  return true;
}

// Milliseconds left, or -1 when the deadline has passed.
int Left(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return left <= 0 ? -1 : static_cast<int>(std::min<std::int64_t>(left, 60'000));
}

bool WaitFor(int fd, short events, std::chrono::steady_clock::time_point deadline) {
  while (true) {
    const int left = Left(deadline);
    if (left < 0) return false;
    pollfd entry{fd, events, 0};
    const int ready = ::poll(&entry, 1, left);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Descriptor> ListenUnix(const std::string& path) {
  sockaddr_un address;
  if (!Address(path, address)) return Fail(std::make_error_code(std::errc::filename_too_long), "the control socket's path is too long: " + path);
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode)) {
      return Fail(std::make_error_code(std::errc::file_exists), path + " is in the way of the control socket and is no socket");
    }
    ::unlink(path.c_str());
  }
  Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return Failed("make", path);
  // On Linux the file takes the mode of the descriptor, so that it is never open to others, not even between bind and chmod.
  if (::fchmod(fd.get(), 0600) != 0 || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(fd.get(), 16) != 0) {
    return Failed("listen on", path);
  }
  return fd;
}

Result<Descriptor> ConnectUnix(const std::string& path) {
  sockaddr_un address;
  if (!Address(path, address)) return Fail(std::make_error_code(std::errc::filename_too_long), "the control socket's path is too long: " + path);
  Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return Failed("make a socket for", path);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) return Failed("connect to", path);
  return fd;
}

std::optional<unsigned> PeerUid(int fd) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || size != sizeof(peer)) return std::nullopt;
  return peer.uid;
}

std::optional<std::string> ReadLine(int fd, std::size_t max, std::chrono::steady_clock::time_point deadline) {
  std::string line;
  char buffer[16 * 1024];
  while (line.size() <= max) {
    if (!WaitFor(fd, POLLIN, deadline)) return std::nullopt;
    const auto got = ::recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) return std::nullopt;
    const std::string_view bytes(buffer, static_cast<std::size_t>(got));
    const auto end = bytes.find('\n');
    line += bytes.substr(0, end);
    if (end != std::string_view::npos) return line.size() <= max ? std::optional(std::move(line)) : std::nullopt;
  }
  return std::nullopt;
}

bool WriteAll(int fd, std::string_view bytes, std::chrono::steady_clock::time_point deadline) {
  while (!bytes.empty()) {
    if (!WaitFor(fd, POLLOUT, deadline)) return false;
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace sallyport::admin
