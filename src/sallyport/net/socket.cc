// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/socket.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "sallyport/async/loop.h"

namespace sallyport::net {
namespace {

constexpr std::uint32_t kEdges = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

// The waiter leaves its place first: what it resumes may wait again, or destroy the socket.
void Resume(Socket::Waiter& place, std::ptrdiff_t value) {
  *place.value = value;
  auto resumed = std::exchange(place.coroutine, {});
  resumed.Resume();
}

void Drop(Socket::Waiter& place) { const auto dropped = std::exchange(place.coroutine, {}); }

}  // namespace

struct Socket::Core final : public async::PollTarget, public std::enable_shared_from_this<Core> {
  Core(int descriptor, async::Loop* watcher) : fd(descriptor), loop(watcher) {}

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
    // Whoever waits is woken, the writer first; each may destroy the socket, not the core, which the loop holds.
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

  void OnLoopGone() override {
    const auto keep = shared_from_this();
    loop = nullptr;
    Drop(reader);
    Drop(failed_reader);
    Drop(writer);
  }

  void Defer() {
    if (loop != nullptr) loop->Defer(shared_from_this());
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
    if (loop != nullptr) loop->Unwatch(fd, *this);
    if (reader || writer) Defer();
    ::close(std::exchange(fd, -1));
    reading = false;
    result.reset();
  }

  int fd;
  async::Loop* loop;   // null when the worker has ended
  Waiter reader, failed_reader, writer;
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

Socket::Socket(int fd) : core_(std::make_shared<Core>(fd, async::Loop::Current())) {
  if (core_->loop == nullptr || !core_->loop->Watch(fd, kEdges, *core_)) ::close(std::exchange(core_->fd, -1));
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

void Socket::ReadAwaiter::Park(async::Suspended reader) {
  core->reader = {std::move(reader), &value};
  if (core->result || core->fd < 0) core->Defer();
}

Socket::ReadAwaiter Socket::AwaitRead() { return ReadAwaiter(core_.get()); }

void Socket::FailRead(int error) {
  if (!core_ || !core_->reader || core_->failed_reader) return;
  core_->failed_reader = std::exchange(core_->reader, {});
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

bool Socket::WriteAwaiter::await_ready() {
  if (core->fd < 0) value = -ECANCELED;
  return core->fd < 0 || core->writable;
}

void Socket::WriteAwaiter::Park(async::Suspended writer) { core->writer = {std::move(writer), &value}; }

Socket::WriteAwaiter Socket::AwaitWritable() { return WriteAwaiter(core_); }

Coroutine<std::ptrdiff_t> Socket::WriteAll(std::span<const char> bytes) {
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
