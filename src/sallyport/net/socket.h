// SPDX-License-Identifier: Apache-2.0
// A connected stream socket (TCP or unix) of one worker. The only class of this layer that knows how waiting is done.
//
// Reading: at most one read is under way. StartRead begins it, also long before anybody waits for it, so that a hang-up
// is noticed without a further system call: its end is handed to AwaitRead, or told to the observer when nobody waits.
// The buffer must stay until the read has ended or the socket was closed.
// Writing: TryWrite never waits; AwaitWritable does. Results are bytes, 0 for end of stream (reads), or -errno.
// Move-only; lives on one worker.
#pragma once

#include <sys/uio.h>

#include <memory>
#include <optional>
#include <span>

#include "sallyport/async/task.h"

namespace sallyport::net {

class ReadObserver {
 public:
  // Where to read to, when StartRead was given no buffer and something has come. Never empty.
  virtual std::span<char> BufferForRead() = 0;
  virtual void OnUnawaitedRead(std::ptrdiff_t result) = 0;

 protected:
  ~ReadObserver() = default;
};

class Socket {
 private:
  struct Core;

 public:
  // Who waits, and where what it waits for is to be left.
  struct Waiter {
    explicit operator bool() const { return static_cast<bool>(coroutine); }

    async::Suspended coroutine;
    std::ptrdiff_t* value = nullptr;
  };

  class [[nodiscard]] ReadAwaiter {
   public:
    explicit ReadAwaiter(Core* c) : core(c) {}
    bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> reader) {
      Park(async::Suspended(reader));
    }
    std::ptrdiff_t await_resume() const noexcept { return value; }

   private:
    void Park(async::Suspended reader);

    Core* core;
    std::ptrdiff_t value = 0;
  };

  class [[nodiscard]] WriteAwaiter {
   public:
    explicit WriteAwaiter(std::shared_ptr<Core> c) : core(std::move(c)) {}
    bool await_ready();
    template <class P>
    void await_suspend(std::coroutine_handle<P> writer) {
      Park(async::Suspended(writer));
    }
    std::ptrdiff_t await_resume() const noexcept { return value; }

   private:
    void Park(async::Suspended writer);

    const std::shared_ptr<Core> core;
    std::ptrdiff_t value = 0;
  };

  Socket();  // closed
  // Takes over `fd`, which must be non-blocking. On a worker's thread. Closed at once when the kernel has no room to watch it.
  explicit Socket(int fd);
  Socket(Socket&&) noexcept;
  Socket& operator=(Socket&&) noexcept;
  ~Socket();

  int fd() const;  // -1 when closed
  bool open() const { return fd() >= 0; }
  // Told of reads that end while nobody waits, as long as it is set.
  void set_observer(ReadObserver* observer);

  // Does nothing while a read is under way or its result has not been taken. An empty buffer: the observer has one when it
  // is needed.
  void StartRead(std::span<char> buffer);
  // The read under way will ask the observer for a buffer.
  void LetGoOfBuffer();
  // A read is under way (its buffer is in use).
  bool reading() const;
  bool has_result() const;
  // The result of a read that has ended and was not taken; empty when there is none.
  std::optional<std::ptrdiff_t> TakeRead();
  // The end of the read under way; call only after TakeRead gave nothing and StartRead was called.
  ReadAwaiter AwaitRead();
  // Whoever waits in AwaitRead resumes with -error; the read itself stays under way.
  void FailRead(int error);

  std::ptrdiff_t TryWrite(std::span<const iovec> parts);
  WriteAwaiter AwaitWritable();  // 0 or -errno
  // Everything, waiting as often as needed: 0 or -errno.
  Coroutine<std::ptrdiff_t> WriteAll(std::span<const char> bytes);

  void ShutdownWrite();
  // Whoever waits resumes with an error.
  void Close();
  // The same with RST, so that the peer cannot take what it got for whole.
  void Reset();

 private:
  std::shared_ptr<Core> core_;
};

}  // namespace sallyport::net
