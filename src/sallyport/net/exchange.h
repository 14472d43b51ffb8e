// SPDX-License-Identifier: Apache-2.0
// One request and its answer: the seam between transport and everything else. HTTP/1 implements it (net/http1/), HTTP/2
// will. Lives on one worker; every call is made there, from one coroutine at a time, except that reading the body and
// writing the answer may be done by two coroutines of that worker.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/http/framing.h"
#include "sallyport/http/head_writer.h"
#include "sallyport/http/request_head.h"
#include "sallyport/http/response_head.h"

namespace sallyport::net {

enum class AbortReason : std::uint8_t { kNone, kClientGone, kTimeout, kSessionEnded, kUpstreamCut, kShutdown, kError };

struct Peer {
  std::string_view address;   // "192.0.2.1", "2001:db8::1", or "unix" ; lives as long as the connection
  std::uint16_t port = 0;
};

// How the answer's body is delimited; the transport turns it into header fields (HTTP/1) or frames.
struct BodyFraming {
  enum Kind : std::uint8_t { kNone, kLength, kStream } kind = kNone;
  std::uint64_t length = 0;
};

enum class FinishAttempt : std::uint8_t { kDone, kMore, kNotTaken };

// A byte tunnel to the client after 101. ReadSome returns an empty span at end of stream.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual Task<std::span<const char>> ReadSome() = 0;
  virtual Task<void> Write(std::span<const char> bytes) = 0;
  virtual void ShutdownWrite() = 0;
};

// Told once when its exchange is aborted, so that it can let go of what it waits for.
class AbortListener {
 public:
  virtual void OnAbort() = 0;

 protected:
  ~AbortListener() = default;
};

// What a handler keeps from one exchange of a connection to the next; goes with the connection.
class ConnectionMemo {
 public:
  virtual ~ConnectionMemo() = default;
};

class Exchange {
 public:
  virtual ~Exchange() = default;

  // Valid until Finish/Abort; views into the connection's buffer.
  virtual const http::RequestHead& head() const = 0;
  virtual const http::Framing& framing() const = 0;
  virtual const Peer& peer() const = 0;
  // The handler's; null until it puts something there.
  virtual std::unique_ptr<ConnectionMemo>& memo() = 0;

  // --- request body -------------------------------------------------------------------------------------------------
  // More than `max` bytes make reads fail with kBodyTooLarge (a declared larger Content-Length: at the first read).
  virtual void LimitBody(std::uint64_t max) = 0;
  // The next piece, without framing; empty at the end. Valid until the next read. Sends 100 Continue when it was asked for.
  virtual Task<std::span<const char>> ReadBody() = 0;
  // Reads until `want` bytes (at most 16 KiB) or the end are there and returns them all without consuming: ReadBody will
  // hand them out again.
  virtual Task<std::string_view> PeekBody(std::size_t want) = 0;
  // The whole body, for handlers. Fails with kBodyTooLarge beyond `max`.
  virtual Task<std::string> ReadWholeBody(std::size_t max) = 0;
  // Body bytes that have already arrived, are complete, and were not consumed: true lets a relay send head and body in
  // one write. Sets `body` (without framing).
  virtual bool BodyIsBuffered(std::span<const char>& body) const = 0;

  // A coroutine that waits in ReadBody resumes with kAborted, and so does every later read: the answer is complete and the
  // rest of the request is of no interest.
  virtual void StopReadingBody() {}

  // --- answer -------------------------------------------------------------------------------------------------------
  // 1xx other than 101; ignored for HTTP/1.0 clients.
  virtual Task<void> SendInformational(const http::ResponseHead& head, const http::HeadEdits& edits) = 0;
  // Head of a relayed answer. Connection, Keep-Alive, Transfer-Encoding and Content-Length of `head` are dropped by the
  // transport, which writes its own by `body`; Date is added when missing. Nothing is sent yet: the head goes out with
  // the first WriteBody, Flush or Finish, in one system call.
  virtual void SetHead(const http::ResponseHead& head, const http::HeadEdits& edits, BodyFraming body) = 0;
  // Head of an answer of our own.
  virtual void SetHead(std::uint16_t status, std::span<const http::HeaderField> fields, std::string_view raw_block,
                       BodyFraming body) = 0;
  virtual bool head_was_set() const = 0;
  virtual Task<void> WriteBody(std::span<const char> bytes) = 0;   // returns when accepted: that is the backpressure
  virtual Task<void> Flush() = 0;
  // Ends the answer. With a kLength body that is short it aborts instead.
  virtual Task<void> Finish() = 0;
  // The same without a coroutine, for the usual case: sends all that is outstanding, `last` included (the end of the body
  // of a kLength or kStream answer), in one system call. kMore: `last` was taken over, Finish must still be awaited.
  // kNotTaken: use WriteBody and Finish.
  virtual FinishAttempt TryFinish(std::span<const char> last) { (void)last; return FinishAttempt::kNotTaken; }
  // Cuts the connection (RST when an answer is under way, so that no shortened body looks whole). Idempotent. Coroutines
  // that are suspended in this exchange resume with kAborted. Callable from a timer or a posted function of the worker.
  virtual void Abort(AbortReason reason) = 0;
  virtual AbortReason abort_reason() const = 0;
  // At most one; null to leave. It must outlive its registration.
  virtual void SetAbortListener(AbortListener* listener) { (void)listener; }
  // After this answer the connection is closed.
  virtual void CloseAfter() = 0;

  // Sends the 101 head, then hands out the raw connection, which stays owned by the exchange.
  virtual Task<ByteStream*> Upgrade(const http::ResponseHead& head, const http::HeadEdits& edits) = 0;

  // --- accounting ---------------------------------------------------------------------------------------------------
  virtual std::uint64_t bytes_received() const = 0;   // body
  virtual std::uint64_t bytes_sent() const = 0;       // body
  virtual SteadyTime started() const = 0;             // when the head was complete
};

// Whole small answer in one call.
Task<void> SendWhole(Exchange& exchange, std::uint16_t status, std::span<const http::HeaderField> fields, std::string_view body);

// What a server calls for each request. One instance per worker; Handle must set a head or abort.
class ExchangeHandler {
 public:
  virtual ~ExchangeHandler() = default;
  virtual Coroutine<void> Handle(Exchange& exchange) = 0;
  // A request that could not become an exchange (bad head or framing): the bytes to answer with before closing.
  // `code` is an http::Errc or net::Errc::kTimeout / kStopped.
  virtual std::string AnswerToUnreadable(const Error& error) = 0;
};

}  // namespace sallyport::net
