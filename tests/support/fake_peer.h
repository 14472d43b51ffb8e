// SPDX-License-Identifier: Apache-2.0
// A peer on 127.0.0.1 with a port of the system's choice, whose behaviour is a coroutine: for the tests of outbound clients.
// Runs on the test's own loop, so nothing in a test happens at the same time.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "sallyport/async/loop.h"
#include "sallyport/async/spawn.h"
#include "sallyport/net/socket.h"
#include "support/run_task.h"

namespace sallyport::test {

class PeerConnection {
 public:
  explicit PeerConnection(net::Socket socket) : socket_(std::move(socket)) {}

  // Up to and with `end`; what came before the peer closed when it closed.
  Coroutine<std::string> ReadUntil(std::string_view end) {
    std::size_t found = std::string::npos;
    while ((found = buffer_.find(end)) == std::string::npos) {
      socket_.StartRead(piece_);
      auto got = socket_.TakeRead();
      if (!got) got = co_await socket_.AwaitRead();
      if (*got <= 0) co_return std::exchange(buffer_, {});
      buffer_.append(piece_.data(), static_cast<std::size_t>(*got));
    }
    std::string text = buffer_.substr(0, found + end.size());
    buffer_.erase(0, text.size());
    co_return text;
  }
  // False when the other side has gone. (Views: g++ 12 miscompiles a discarded co_await with a string made for the call.)
  Coroutine<bool> Write(std::string_view text) { co_return co_await socket_.WriteAll(text) == 0; }
  void Close() { socket_.Close(); }

 private:
  net::Socket socket_;
  std::array<char, 4096> piece_;
  std::string buffer_;
};

class FakePeer final : private async::PollTarget {
 public:
  using Script = std::function<Coroutine<void>(PeerConnection&)>;

  FakePeer(async::Loop& loop, Script script) : loop_(&loop), script_(std::move(script)) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd_, any, size) != 0 || ::listen(fd_, 64) != 0 || ::getsockname(fd_, any, &size) != 0 || !loop.Watch(fd_, EPOLLIN, *this))
      throw std::runtime_error("a fake peer could not listen");
    port_ = ntohs(address.sin_port);
  }
  ~FakePeer() override { Stop(); }

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }
  void Stop() {
    if (fd_ < 0) return;
    if (loop_ != nullptr) loop_->Unwatch(fd_, *this);
    ::close(std::exchange(fd_, -1));
  }

 private:
  void OnReady(std::uint32_t) override {
    const int accepted = ::accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0) return;
    ++connections_;
    async::Spawn(loop_->executor(), Serve(script_, net::Socket(accepted)), "fake peer");
  }
  void OnLoopGone() override { loop_ = nullptr; }

  static Coroutine<void> Serve(Script script, net::Socket socket) {
    PeerConnection connection(std::move(socket));
    co_await script(connection);
  }

  async::Loop* loop_;
  Script script_;
  int fd_ = -1;
  std::uint16_t port_ = 0;
  int connections_ = 0;
};

}  // namespace sallyport::test
