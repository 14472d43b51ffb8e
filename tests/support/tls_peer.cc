// SPDX-License-Identifier: Apache-2.0
#include "support/tls_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace sallyport::test {

TlsConnection::~TlsConnection() {
  if (ssl_) SSL_shutdown(ssl_.get());
  ::close(fd_);
}

bool TlsConnection::StartTls() {
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context_), &SSL_free);
  if (!ssl || SSL_set_fd(ssl.get(), fd_) != 1 || SSL_accept(ssl.get()) != 1) return false;
  ssl_ = std::move(ssl);
  return true;
}

std::string TlsConnection::ReadUntil(std::string_view end) {
  for (;;) {
    if (const auto at = buffer_.find(end); at != std::string::npos) {
      std::string text = buffer_.substr(0, at + end.size());
      buffer_.erase(0, text.size());
      return text;
    }
    char piece[4096];
    const auto size = ssl_ ? SSL_read(ssl_.get(), piece, sizeof piece) : static_cast<int>(::recv(fd_, piece, sizeof piece, 0));
    if (size <= 0) return {};
    buffer_.append(piece, static_cast<std::size_t>(size));
  }
}

bool TlsConnection::Write(std::string_view text) {
  if (!ssl_) return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size());
}

TlsPeer::TlsPeer(const CertifiedKey& identity, Script script)
    : script_(std::move(script)), context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
  std::signal(SIGPIPE, SIG_IGN);  // SSL_write to a client that has gone
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool ready = SSL_CTX_use_certificate(context_.get(), identity.certificate.get()) == 1 &&
                     SSL_CTX_use_PrivateKey(context_.get(), identity.key.get()) == 1 && ::bind(listener_, raw, size) == 0 &&
                     ::listen(listener_, 16) == 0 && ::getsockname(listener_, raw, &size) == 0;
  if (!ready) throw std::runtime_error("the TLS peer cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Loop(); });
}

TlsPeer::~TlsPeer() {
  Stop();
  ::close(listener_);
}

void TlsPeer::Stop() {
  ::shutdown(listener_, SHUT_RDWR);
  if (thread_.joinable()) thread_.join();
}

void TlsPeer::Loop() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    TlsConnection connection(fd, context_.get());
    script_(connection);
  }
}

}  // namespace sallyport::test
