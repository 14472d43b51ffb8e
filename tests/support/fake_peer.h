// SPDX-License-Identifier: Apache-2.0
// A peer on 127.0.0.1 with a port of the system's choice, whose behaviour is a coroutine: for the tests of outbound clients.
// Runs on the test's own io_context, so nothing in a test happens at the same time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::test {

class PeerConnection {
 public:
  explicit PeerConnection(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  // Up to and with `end`; what came before the peer closed when it closed.
  boost::asio::awaitable<std::string> ReadUntil(std::string_view end) {
    boost::system::error_code error;
    const auto size = co_await boost::asio::async_read_until(socket_, boost::asio::dynamic_buffer(buffer_), end,
                                                             boost::asio::redirect_error(boost::asio::use_awaitable, error));
    auto text = buffer_.substr(0, error ? buffer_.size() : size);
    buffer_.erase(0, text.size());
    co_return text;
  }
  // False when the other side has gone. (Views: g++ 12 miscompiles a discarded co_await with a string made for the call.)
  boost::asio::awaitable<bool> Write(std::string_view text) {
    boost::system::error_code error;
    co_await boost::asio::async_write(socket_, boost::asio::buffer(text),
                                      boost::asio::redirect_error(boost::asio::use_awaitable, error));
    co_return !error;
  }
  void Close() { socket_.close(); }

 private:
  boost::asio::ip::tcp::socket socket_;
  std::string buffer_;
};

class FakePeer {
 public:
  using Script = std::function<boost::asio::awaitable<void>(PeerConnection&)>;

  FakePeer(boost::asio::io_context& context, Script script)
      : acceptor_(context, {boost::asio::ip::address_v4::loopback(), 0}), script_(std::move(script)) {
    boost::asio::co_spawn(context, Accept(*this), boost::asio::detached);
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  int connections() const { return connections_; }
  void Stop() { acceptor_.close(); }

 private:
  static boost::asio::awaitable<void> Accept(FakePeer& self) {
    for (;;) {
      boost::system::error_code error;
      auto socket = co_await self.acceptor_.async_accept(boost::asio::redirect_error(boost::asio::use_awaitable, error));
      if (error) co_return;
      ++self.connections_;
      boost::asio::co_spawn(self.acceptor_.get_executor(), Serve(self.script_, std::move(socket)), boost::asio::detached);
    }
  }
  static boost::asio::awaitable<void> Serve(Script script, boost::asio::ip::tcp::socket socket) {
    PeerConnection connection(std::move(socket));
    co_await script(connection);
  }

  boost::asio::ip::tcp::acceptor acceptor_;
  Script script_;
  int connections_ = 0;
};

// Runs `task` on `context` until it has ended, whatever else still waits there.
template <class T>
T RunTask(boost::asio::io_context& context, boost::asio::awaitable<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr error, T value) {
    if (error) std::rethrow_exception(error);
    result.emplace(std::move(value));
  });
  context.restart();
  while (!result && context.run_one() > 0) {
  }
  return std::move(*result);
}

}  // namespace sallyport::test
