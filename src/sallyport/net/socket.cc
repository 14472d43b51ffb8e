// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/socket.h"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace sallyport::net {
namespace {

namespace asio = boost::asio;
using IoExecutor = asio::io_context::executor_type;
using Stream = asio::basic_stream_socket<asio::generic::stream_protocol, IoExecutor>;
using Waiter = asio::async_result<asio::use_awaitable_t<>, void(std::ptrdiff_t)>::handler_type;

IoExecutor IoExecutorOf(const Executor& executor) {
  return static_cast<asio::io_context&>(asio::query(executor, asio::execution::context)).get_executor();
}

}  // namespace

struct Socket::Core : std::enable_shared_from_this<Core> {
  explicit Core(const IoExecutor& executor) : stream(executor) {}

  void OnRead(const boost::system::error_code& error, std::size_t bytes) {
    reading = false;
    const std::ptrdiff_t value = !error                      ? static_cast<std::ptrdiff_t>(bytes)
                                 : error == asio::error::eof ? 0
                                                             : -static_cast<std::ptrdiff_t>(error.value());
    if (waiter) {
      Waiter resumed = std::move(*waiter);
      waiter.reset();
      resumed(value);
      return;
    }
    result = value;
    if (observer != nullptr) observer->OnUnawaitedRead(value);
  }

  void DropWaiter() {
    const auto dropped = std::move(waiter);
    waiter.reset();
  }

  Stream stream;
  std::optional<Waiter> waiter;
  std::optional<std::ptrdiff_t> result;
  ReadObserver* observer = nullptr;
  bool reading = false;
};

namespace {

// Destroyed without a call, at the end of the loop's life, it takes along the coroutine that waits: the two own each
// other otherwise.
template <class CorePointer>
class ReadHandler {
 public:
  explicit ReadHandler(CorePointer core) : core_(std::move(core)) {}
  ReadHandler(ReadHandler&&) noexcept = default;
  ReadHandler& operator=(ReadHandler&&) = delete;
  ~ReadHandler() {
    if (core_) core_->DropWaiter();
  }
  void operator()(const boost::system::error_code& error, std::size_t bytes) {
    const auto core = std::move(core_);
    core->OnRead(error, bytes);
  }

 private:
  CorePointer core_;
};

}  // namespace

Socket::Socket() = default;
Socket::Socket(Socket&&) noexcept = default;

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    Close();
    core_ = std::move(other.core_);
  }
  return *this;
}

Socket::Socket(const Executor& executor, int fd, int family) : core_(std::make_shared<Core>(IoExecutorOf(executor))) {
  boost::system::error_code error;
  core_->stream.assign(asio::generic::stream_protocol(family, 0), fd, error);
  if (!error) core_->stream.native_non_blocking(true, error);
}

Socket::~Socket() {
  if (!core_) return;
  core_->observer = nullptr;
  Close();
}

int Socket::fd() const { return core_ ? core_->stream.native_handle() : -1; }
void Socket::set_observer(ReadObserver* observer) { core_->observer = observer; }
bool Socket::reading() const { return core_ && core_->reading; }

bool Socket::has_result() const { return core_ && core_->result; }

void Socket::StartRead(std::span<char> buffer) {
  if (core_->reading || core_->result) return;
  core_->reading = true;
  core_->stream.async_read_some(asio::buffer(buffer.data(), buffer.size()), ReadHandler(core_));
}

std::optional<std::ptrdiff_t> Socket::TakeRead() { return std::exchange(core_->result, std::nullopt); }

asio::awaitable<std::ptrdiff_t> Socket::AwaitRead() {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(std::ptrdiff_t)>(
      [](auto handler, Core* core) { core->waiter.emplace(std::move(handler)); }, asio::use_awaitable, core_.get());
}

void Socket::FailRead(int error) {
  if (!core_ || !core_->waiter) return;
  Waiter resumed = std::move(*core_->waiter);
  core_->waiter.reset();
  asio::post(core_->stream.get_executor(), [resumed = std::move(resumed), error]() mutable { resumed(-error); });
}

std::ptrdiff_t Socket::TryWrite(std::span<const iovec> parts) {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  for (;;) {
    const auto sent = parts.size() == 1 ? ::send(fd(), parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL)
                                        : ::sendmsg(fd(), &message, MSG_NOSIGNAL);
    if (sent >= 0) return sent;
    if (errno != EINTR) return -errno;
  }
}

asio::awaitable<std::ptrdiff_t> Socket::AwaitWritable() {
  const auto core = core_;
  const auto [error] = co_await core->stream.async_wait(Stream::wait_write, asio::as_tuple(asio::use_awaitable));
  co_return -static_cast<std::ptrdiff_t>(error.value());
}

asio::awaitable<std::ptrdiff_t> Socket::WriteAll(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    const auto sent = TryWrite({&part, 1});
    if (sent >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
      continue;
    }
    if (sent != -EAGAIN) co_return sent;
    if (const auto waited = co_await AwaitWritable(); waited < 0) co_return waited;
  }
  co_return 0;
}

void Socket::ShutdownWrite() {
  if (open()) ::shutdown(fd(), SHUT_WR);
}

void Socket::Close() {
  if (!core_) return;
  boost::system::error_code ignored;
  core_->stream.close(ignored);
}

void Socket::Reset() {
  if (!open()) return;
  const linger now{1, 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  Close();
}

}  // namespace sallyport::net
