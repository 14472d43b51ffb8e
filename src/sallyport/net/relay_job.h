// SPDX-License-Identifier: Apache-2.0
// One relayed exchange while it is under way; inner header of relay.cc, relay_body.cc and tunnel.cc.
//
// It lives in Relay's frame. The pump, a second coroutine that sends the request's body, refers to it: Relay never ends
// before the pump has.
#pragma once

#include <optional>

#include "sallyport/async/completion.h"
#include "sallyport/net/errc.h"
#include "sallyport/net/leased_buffer.h"
#include "sallyport/net/relay.h"
#include "sallyport/net/upstream_connection.h"

namespace sallyport::net {

class RelayJob final : private AbortListener {
 public:
  RelayJob(Exchange& e, const RelayPlan& p) : exchange(e), plan(p), pool(p.pool->impl()) { exchange.SetAbortListener(this); }
  ~RelayJob() { exchange.SetAbortListener(nullptr); }
  RelayJob(const RelayJob&) = delete;
  RelayJob& operator=(const RelayJob&) = delete;

  // Why no address could be used.
  std::unexpected<Error> connect_error(const std::string& upstream);
  void Drop() { connection.reset(); }
  // Keeps the connection for others when both messages have ended as they should.
  void PutBack();

  // Sends what is left of the request, from `sent` bytes of head and buffered body on, then the streamed body.
  void StartPump(std::size_t sent, std::span<const char> body, bool buffered);
  bool pumping() const { return pump_.has_value(); }
  bool request_sent() const { return request_sent_; }
  // Waits until the pump has ended.
  boost::asio::awaitable<void> Join();

  // Ends the pump, drops the connection and gives the error, before a head was set; aborts the exchange after it.
  Task<RelayOutcome> Fails(Error error);
  // Passes `result` on; when it is an error, does what Fails does first.
  Task<void> OrFail(Result<void> result);
  // The connection ended without an answer: finds out why.
  Task<RelayOutcome> FailsToAnswer();
  std::unexpected<Error> Lost(Errc code);
  Task<void> PassInterim();

  // The answer's body is in the buffer to its end, in one piece: takes it. Otherwise `piece` may hold its beginning.
  bool TakeWholeBody(std::string_view& piece);
  // The next piece of the answer's body from the front of `raw`; sets body_done at the end.
  Result<std::string_view> TakePiece(std::string_view& raw);

  Exchange& exchange;
  const RelayPlan& plan;
  UpstreamPool::Impl& pool;
  UpstreamConnectionPtr connection;
  RelayOutcome outcome;
  std::size_t head_size = 0;
  http::Framing framing;               // of the answer
  std::optional<http::ChunkedDecoder> decoder;
  std::uint64_t taken = 0;             // bytes of a kLength answer
  bool body_done = false;
  Error last_error;
  Error pump_error;                    // the client's fault

 private:
  void OnAbort() override {
    if (connection) connection->socket.Close();
  }
  static boost::asio::awaitable<void> Pump(RelayJob& job, std::size_t sent, std::span<const char> body, bool buffered,
                                           async::Promise<void> done);
  boost::asio::awaitable<void> PumpOnce(std::size_t sent, std::span<const char> body, bool buffered);

  std::optional<async::Future<void>> pump_;
  bool request_sent_ = true;
};

// The rest of an answer that has not arrived whole; `piece` comes first. Aborts the exchange when it cannot be completed.
Task<void> RelayBody(RelayJob& job, std::string_view piece);
// After a 101 that may pass.
Task<RelayOutcome> Tunnel(RelayJob& job);

}  // namespace sallyport::net
