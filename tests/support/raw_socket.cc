// SPDX-License-Identifier: Apache-2.0
#include "support/raw_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sallyport::test {
namespace {

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

sockaddr_un Local(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof(address.sun_path) - 1));
  return address;
}

template <class Address>
const sockaddr* Generic(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

std::uint16_t PortOf(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

RawSocket::RawSocket(int fd) : fd_(fd) {
  const timeval limit{10, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

RawSocket::RawSocket(RawSocket&& other) noexcept { *this = std::move(other); }

RawSocket& RawSocket::operator=(RawSocket&& other) noexcept {
  if (this == &other) return *this;
  Close();
  fd_ = std::exchange(other.fd_, -1);
  buffer_ = std::move(other.buffer_);
  reset_ = other.reset_;
  ended_ = other.ended_;
  return *this;
}

RawSocket RawSocket::Connect(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = Loopback(port);
  if (::connect(fd, Generic(address), sizeof(address)) != 0) {
    ::close(fd);
    return {};
  }
  return RawSocket(fd);
}

RawSocket RawSocket::ConnectUnix(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = Local(path);
  if (::connect(fd, Generic(address), sizeof(address)) != 0) {
    ::close(fd);
    return {};
  }
  return RawSocket(fd);
}

bool RawSocket::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawSocket::Fill() {
  std::array<char, 65536> bytes;
  const auto got = ::recv(fd_, bytes.data(), bytes.size(), 0);
  if (got > 0) {
    buffer_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
  }
  reset_ = got < 0 && errno == ECONNRESET;
  ended_ = got == 0 || reset_;
  return false;
}

std::string RawSocket::ReadUntil(std::string_view end) {
  auto at = buffer_.find(end);
  while (at == std::string::npos && Fill()) at = buffer_.find(end);
  return ReadExactly(at == std::string::npos ? buffer_.size() : at + end.size());
}

std::string RawSocket::ReadExactly(std::size_t size) {
  while (buffer_.size() < size && Fill()) {
  }
  std::string text = buffer_.substr(0, size);
  buffer_.erase(0, text.size());
  return text;
}

std::string RawSocket::ReadMessage(bool head_only) {
  std::string message = ReadUntil("\r\n\r\n");
  if (head_only) return message;
  const std::string head = LowerCase(message);
  if (const auto at = head.find("content-length: "); at != std::string::npos) {
    return message + ReadExactly(std::stoul(head.substr(at + 16)));
  }
  if (head.find("transfer-encoding: chunked") == std::string::npos) return message;
  for (;;) {
    const std::string line = ReadUntil("\r\n");
    const std::size_t size = line.empty() ? 0 : std::stoul(line, nullptr, 16);
    message += ReadExactly(size);
    ReadUntil("\r\n");
    if (size == 0) return message;
  }
}

std::string RawSocket::ReadAll() {
  while (Fill()) {
  }
  return std::exchange(buffer_, {});
}

void RawSocket::ShutdownWrite() { ::shutdown(fd_, SHUT_WR); }

void RawSocket::Close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void RawSocket::Reset() {
  const linger now{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  Close();
}

FakeUpstream::FakeUpstream(Script script, const std::string& unix_path) : script_(std::move(script)) {
  if (unix_path.empty()) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = Loopback(0);
    ::bind(listener_, Generic(address), sizeof(address));
  } else {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = Local(unix_path);
    ::bind(listener_, Generic(address), sizeof(address));
  }
  ::listen(listener_, 64);
  port_ = unix_path.empty() ? PortOf(listener_) : 0;
  acceptor_ = std::thread([this] { Accept(); });
}

void FakeUpstream::Accept() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const std::lock_guard lock(mutex_);
    ++connections_;
    threads_.emplace_back([this, fd] {
      RawSocket socket(fd);
      script_(socket);
    });
  }
}

int FakeUpstream::connections() {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void FakeUpstream::Stop() {
  if (listener_ < 0) return;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(std::exchange(listener_, -1));
  for (auto& thread : threads_) thread.join();
}

std::uint16_t ClosedPort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = Loopback(0);
  ::bind(fd, Generic(address), sizeof(address));
  const auto port = PortOf(fd);
  ::close(fd);
  return port;
}

}  // namespace sallyport::test
