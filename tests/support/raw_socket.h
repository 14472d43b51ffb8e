// SPDX-License-Identifier: Apache-2.0
// Blocking sockets for tests that say exactly which bytes go over the wire. Loopback, any free port; every wait is bounded
// by ten seconds, after which the operation gives what it has.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sallyport::test {

class RawSocket {
 public:
  RawSocket() = default;
  explicit RawSocket(int fd);
  static RawSocket Connect(std::uint16_t port);
  static RawSocket ConnectUnix(const std::string& path);
  RawSocket(RawSocket&& other) noexcept;
  RawSocket& operator=(RawSocket&& other) noexcept;
  ~RawSocket() { Close(); }

  int fd() const { return fd_; }
  // False when the peer has gone.
  bool Send(std::string_view bytes);
  // Up to and with `end`; less when the peer closed.
  std::string ReadUntil(std::string_view end);
  std::string ReadExactly(std::size_t size);
  // A head and its body, by Content-Length or chunked coding (decoded); `head_only` for answers to HEAD.
  std::string ReadMessage(bool head_only = false);
  // Everything until the peer closes.
  std::string ReadAll();
  // After a read: the peer ended by RST.
  bool was_reset() const { return reset_; }
  // The peer has closed and nothing is left to read.
  bool AtEnd() { return ReadAll().empty() && ended_; }
  void ShutdownWrite();
  void Close();
  void Reset();

 private:
  bool Fill();

  int fd_ = -1;
  std::string buffer_;
  bool reset_ = false;
  bool ended_ = false;
};

// Runs `script` for each connection, each on a thread of its own; all have ended when it is destroyed;
// whoever is connected to it goes first.
class FakeUpstream {
 public:
  using Script = std::function<void(RawSocket&)>;

  explicit FakeUpstream(Script script, const std::string& unix_path = {});
  ~FakeUpstream() { Stop(); }
  FakeUpstream(const FakeUpstream&) = delete;
  FakeUpstream& operator=(const FakeUpstream&) = delete;

  std::uint16_t port() const { return port_; }
  int connections();
  void Stop();

 private:
  void Accept();

  Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  int connections_ = 0;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// A port of 127.0.0.1 on which nobody listens.
std::uint16_t ClosedPort();

}  // namespace sallyport::test
