// SPDX-License-Identifier: Apache-2.0
// A real TLS server (OpenSSL) on 127.0.0.1, with a port of the system's choice and a thread of its own: for the tests of
// outbound clients. Its behaviour is a function that speaks to one connection after the other.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "support/test_authority.h"

namespace sallyport::test {

class TlsConnection {
 public:
  TlsConnection(int fd, SSL_CTX* context) : fd_(fd), context_(context) {}
  ~TlsConnection();
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;

  // From here on everything is encrypted. False when the client does not want this server.
  bool StartTls();
  // Up to and with `end`; empty when the client has gone before it.
  std::string ReadUntil(std::string_view end);
  bool Write(std::string_view text);
  bool encrypted() const { return ssl_ != nullptr; }

 private:
  const int fd_;
  SSL_CTX* const context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
  std::string buffer_;
};

class TlsPeer {
 public:
  using Script = std::function<void(TlsConnection&)>;
  TlsPeer(const CertifiedKey& identity, Script script);
  ~TlsPeer();

  std::uint16_t port() const { return port_; }
  // Ends the thread; afterwards what the script has written may be read.
  void Stop();

 private:
  void Loop();

  const Script script_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace sallyport::test
