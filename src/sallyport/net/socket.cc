// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/socket.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "sallyport/async/poller.h"

namespace sallyport::net {
namespace {

namespace asio = boost::asio;
using Waiter = asio::async_result<asio::use_awaitable_t<>, void(std::ptrdiff_t)>::handler_type;

// The waiter leaves its place first: what it resumes may wait again, or destroy the socket.
void Resume(std::optional<Waiter>& place, std::ptrdiff_t value) {
  Waiter resumed = std::move(*place);
  place.reset();
  resumed(value);
}

void Drop(std::optional<Waiter>& place) {
  const auto dropped = std::move(place);
  place.reset();
}

}  // namespace

struct Socket::Core final : public async::PollTarget, public std::enable_shared_from_this<Core> {
  Core(int descriptor, async::Poller* watcher) : fd(descriptor), poller(watcher) {}

  void OnReady(std::uint32_t events) override {
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) readable = true;
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) ended = true;
    if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) {
      writable = true;
      if (writer) {
        const auto keep = shared_from_this();
        Resume(writer, 0);
        if (fd < 0) return;
        if (reading && readable) Read();
        return;
      }
    }
    if (reading && readable) Read();
  }

  void OnDeferred() override {
    // Whoever waits is woken, the writer first; each may destroy the socket, not the core, which the poller holds.
    if (failed_reader) Resume(failed_reader, -failure);
    if (fd < 0) {
      if (writer) Resume(writer, -ECANCELED);
      if (reader) Resume(reader, -ECANCELED);
    } else if (result && reader) {
      Resume(reader, *std::exchange(result, std::nullopt));
    } else if (reading && readable) {
      Read();
    }
  }

  void OnPollerGone() override {
    const auto keep = shared_from_this();
    poller = nullptr;
    Drop(reader);
    Drop(failed_reader);
    Drop(writer);
  }

  void Defer() {
    if (poller != nullptr) poller->Defer(shared_from_this());
  }

  // A read is wanted and the kernel is said to have something. What it tells goes to whoever waits, or is kept.
  void Read() {
    if (buffer.empty()) buffer = observer->BufferForRead();
    const std::ptrdiff_t got = ReadInto(buffer);
    if (got == -EAGAIN) return;
    reading = false;
    if (reader) return Resume(reader, got);
    result = got;
    if (observer != nullptr) observer->OnUnawaitedRead(got);
  }

  std::ptrdiff_t ReadInto(std::span<char> into) {
    for (;;) {
      const auto got = ::recv(fd, into.data(), into.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) {
        if (errno == EAGAIN) readable = false;
        return -errno;
      }
      // A short read has emptied the kernel's buffer (epoll(7)); an end that was announced is still to be read.
      if (static_cast<std::size_t>(got) < into.size() && !ended) readable = false;
      return got;
    }
  }

  void Close() {
    if (fd < 0) return;
    if (poller != nullptr) poller->Remove(fd, *this);
    if (reader || writer) Defer();
    ::close(std::exchange(fd, -1));
    reading = false;
    result.reset();
  }

  int fd;
  async::Poller* poller;   // null when the worker has ended
  std::optional<Waiter> reader, failed_reader, writer;
  std::optional<std::ptrdiff_t> result;
  std::span<char> buffer;
  ReadObserver* observer = nullptr;
  int failure = 0;         // for failed_reader
  bool reading = false;    // a read is wanted
  bool readable = false;   // the kernel said so, and no read has found nothing since
  bool writable = false;
  bool ended = false;
};

Socket::Socket() = default;
Socket::Socket(Socket&&) noexcept = default;

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    Close();
    core_ = std::move(other.core_);
  }
  return *this;
}

Socket::Socket(int fd) : core_(std::make_shared<Core>(fd, async::Poller::Current())) {
  if (core_->poller == nullptr || !core_->poller->Add(fd, *core_)) ::close(std::exchange(core_->fd, -1));
}

Socket::~Socket() {
  if (!core_) return;
  core_->observer = nullptr;
  Close();
}

int Socket::fd() const { return core_ ? core_->fd : -1; }
void Socket::set_observer(ReadObserver* observer) { core_->observer = observer; }
bool Socket::reading() const { return core_ && core_->reading; }
bool Socket::has_result() const { return core_ && core_->result; }

void Socket::StartRead(std::span<char> buffer) {
  if (core_->reading || core_->result) return;
  if (core_->fd < 0) {
    core_->result = -ECANCELED;
    return;
  }
  core_->reading = true;
  core_->buffer = buffer;
  if (core_->readable) core_->Defer();
}

void Socket::LetGoOfBuffer() { core_->buffer = {}; }

std::optional<std::ptrdiff_t> Socket::TakeRead() { return std::exchange(core_->result, std::nullopt); }

asio::awaitable<std::ptrdiff_t> Socket::AwaitRead() {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(std::ptrdiff_t)>(
      [](auto handler, Core* core) {
        core->reader.emplace(std::move(handler));
        if (core->result || core->fd < 0) core->Defer();
      },
      asio::use_awaitable, core_.get());
}

void Socket::FailRead(int error) {
  if (!core_ || !core_->reader || core_->failed_reader) return;
  core_->failed_reader.emplace(std::move(*core_->reader));
  core_->reader.reset();
  core_->failure = error;
  core_->Defer();
}

std::ptrdiff_t Socket::TryWrite(std::span<const iovec> parts) {
  if (fd() < 0) return -EBADF;
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  for (;;) {
    const auto sent = parts.size() == 1 ? ::send(fd(), parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL)
                                        : ::sendmsg(fd(), &message, MSG_NOSIGNAL);
    if (sent >= 0) return sent;
    if (errno == EAGAIN) core_->writable = false;
    if (errno != EINTR) return -errno;
  }
}

asio::awaitable<std::ptrdiff_t> Socket::AwaitWritable() {
  const auto core = core_;
  if (core->fd < 0) co_return -ECANCELED;
  if (core->writable) co_return 0;
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::ptrdiff_t)>(
      [](auto handler, Core* waiting) { waiting->writer.emplace(std::move(handler)); }, asio::use_awaitable, core.get());
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
  if (core_) core_->Close();
}

void Socket::Reset() {
  if (!open()) return;
  const linger now{1, 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  Close();
}

}  // namespace sallyport::net
