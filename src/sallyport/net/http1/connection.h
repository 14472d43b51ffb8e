// SPDX-License-Identifier: Apache-2.0
// One HTTP/1 client connection: reads heads, runs one exchange after the other, and is that exchange itself.
//
// Requests that arrive before the answer to the one in front (pipelining) wait in the buffer. The read of the next request
// is begun as soon as a request has been read, so that a client that leaves is noticed at once (one that only half-closes
// counts as having left). An idle connection holds no buffer. See exchange.h for what a handler may rely on.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "sallyport/async/timer_wheel.h"
#include "sallyport/net/exchange.h"
#include "sallyport/net/http1/answer_head.h"
#include "sallyport/net/http1/request_body.h"
#include "sallyport/net/http1/scratch.h"
#include "sallyport/net/leased_buffer.h"
#include "sallyport/net/options.h"
#include "sallyport/net/socket.h"

namespace sallyport::net {

class Http1Connection;

// Head, chunk size, data, end of chunk: what one system call writes.
struct WriteParts {
  std::array<iovec, 4> part;
  std::size_t count = 0;
  std::size_t total = 0;

  void Add(std::string_view bytes) {
    if (bytes.empty()) return;
    part[count++] = {const_cast<char*>(bytes.data()), bytes.size()};
    total += bytes.size();
  }
  // Takes away what was written.
  void Advance(std::size_t bytes);
  std::span<const iovec> span() const { return {part.data(), count}; }
};

// What a worker's connections share.
struct ConnectionHost {
  virtual ~ConnectionHost() = default;
  // The connection's loop has ended.
  virtual void Left(Http1Connection& connection) = 0;

  const ServerOptions* options = nullptr;
  const Clock* clock = nullptr;
  ExchangeHandler* handler = nullptr;
  bool draining = false;    // each answer is its connection's last
  bool lingering = false;   // while draining: idle connections may still send a request
};

class Http1Connection final : public Exchange,
                              private ByteStream,
                              private ReadObserver,
                              public std::enable_shared_from_this<Http1Connection> {
 public:
  Http1Connection(ConnectionHost& host, Socket socket, std::string address, std::uint16_t port);
  ~Http1Connection() override;

  // Serves until the connection ends; `self` keeps it alive.
  static Coroutine<void> Run(std::shared_ptr<Http1Connection> self);
  ConnectionHost& host() { return host_; }
  // No request is under way: closes now, or after a short while when none has come yet. Otherwise the present answer is
  // the last.
  void Drain();

  // Exchange
  const http::RequestHead& head() const override { return scratch_->head; }
  const http::Framing& framing() const override { return framing_; }
  const Peer& peer() const override { return peer_; }
  std::unique_ptr<ConnectionMemo>& memo() override { return memo_; }
  void LimitBody(std::uint64_t max) override { body_.set_limit(max); }
  Task<std::span<const char>> ReadBody() override;
  Task<std::string_view> PeekBody(std::size_t want) override;
  Task<std::string> ReadWholeBody(std::size_t max) override;
  bool BodyIsBuffered(std::span<const char>& body) const override;
  void StopReadingBody() override;
  Task<void> SendInformational(const http::ResponseHead& head, const http::HeadEdits& edits) override;
  void SetHead(const http::ResponseHead& head, const http::HeadEdits& edits, BodyFraming body) override;
  void SetHead(std::uint16_t status, std::span<const http::HeaderField> fields, std::string_view raw_block,
               BodyFraming body) override;
  bool head_was_set() const override { return head_set_; }
  Task<void> WriteBody(std::span<const char> bytes) override;
  Task<void> Flush() override;
  Task<void> Finish() override;
  FinishAttempt TryFinish(std::span<const char> last) override;
  void Abort(AbortReason reason) override;
  AbortReason abort_reason() const override { return abort_reason_; }
  void SetAbortListener(AbortListener* listener) override { abort_listener_ = listener; }
  void CloseAfter() override { close_after_ = true; }
  Task<ByteStream*> Upgrade(const http::ResponseHead& head, const http::HeadEdits& edits) override;
  std::uint64_t bytes_received() const override;
  std::uint64_t bytes_sent() const override { return bytes_sent_; }
  SteadyTime started() const override { return started_; }

  // Links of the worker's list.
  Http1Connection* next = nullptr;
  Http1Connection* previous = nullptr;

 private:
  enum class Phase : std::uint8_t { kIdle, kHead, kHandling, kBody, kClosing };
  enum class Next : std::uint8_t { kRequest, kClose, kLinger };

  bool aborted() const { return abort_reason_ != AbortReason::kNone; }
  void OnDeadline();
  std::span<char> BufferForRead() override;
  void OnUnawaitedRead(std::ptrdiff_t result) override;
  void WatchForHangup();
  // Between requests: gives the scratch back. A read under way gets its buffer when something has come.
  void Rest();

  void BeginExchange(std::size_t head_size);
  Coroutine<Next> EndExchange();
  Coroutine<void> Refuse(Error error);
  Coroutine<void> Linger();

  Task<std::span<const char>> ReadPiece();
  Task<std::span<const char>> ServePeeked();
  AnswerContext Context() const;
  // What a write left over (or refused), waiting as often as needed.
  Task<void> WriteRest(WriteParts parts, std::ptrdiff_t sent);

  // ByteStream
  Task<std::span<const char>> ReadSome() override;
  Task<void> Write(std::span<const char> bytes) override;
  void ShutdownWrite() override { socket_.ShutdownWrite(); }

  ConnectionHost& host_;
  Socket socket_;
  const std::string address_;
  Peer peer_;
  std::unique_ptr<ConnectionMemo> memo_;
  async::Deadline read_deadline_;
  async::Deadline write_deadline_;
  LeasedScratch scratch_;           // null while idle

  http::Framing framing_;
  RequestBody body_;
  std::size_t head_size_ = 0;
  std::string_view raw_;            // bytes of the body that were read and not taken
  bool raw_in_lease_ = false;       // raw_ is in body_buffer_, else in in_
  LeasedBuffer body_buffer_;
  std::string peeked_;
  bool peek_served_ = true;
  bool body_stopped_ = false;
  std::size_t full_reads_ = 0;

  AnswerBody answer_;
  std::uint64_t bytes_sent_ = 0;
  SteadyTime started_{};
  AbortListener* abort_listener_ = nullptr;
  Phase phase_ = Phase::kIdle;
  AbortReason abort_reason_ = AbortReason::kNone;
  std::uint32_t served_ = 0;
  bool keep_alive_ = true;
  bool continue_wanted_ = false;
  bool head_set_ = false;
  bool head_sent_ = false;
  bool ending_ = false;             // TryFinish has put the end of the answer into out_
  bool finished_ = false;
  bool close_after_ = false;
  bool upgraded_ = false;
};

}  // namespace sallyport::net
