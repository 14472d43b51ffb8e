// SPDX-License-Identifier: Apache-2.0
// One relayed exchange while it is under way; inner header of relay.cc, relay_body.cc and tunnel.cc.
//
// It lives in Relay's frame. The pump, a second coroutine that sends the request's body, refers to it: Relay never ends
// before the pump has. A step that fails leaves its error here (failed()); Relay then ends by Fails().
#pragma once

#include <memory>
#include <optional>

#include "sallyport/async/completion.h"
#include "sallyport/net/errc.h"
#include "sallyport/net/relay.h"
#include "sallyport/net/upstream_connection.h"

namespace sallyport::net {

class RelayJob final : private AbortListener {
 public:
  enum class Step : std::uint8_t { kMore, kInterim, kDone };

  RelayJob(Exchange& e, const RelayPlan& p) : exchange(e), plan(p), pool(p.pool->impl()) { exchange.SetAbortListener(this); }
  ~RelayJob() { exchange.SetAbortListener(nullptr); }
  RelayJob(const RelayJob&) = delete;
  RelayJob& operator=(const RelayJob&) = delete;

  // --- a connection, the request --------------------------------------------------------------------------------------
  // Chooses an address, and an idle connection to it; false when there is none: Connect, unless failed().
  bool TakePooled();
  // To the chosen address, or the next ones when it refuses: nothing has been sent yet, so any other may have it.
  Coroutine<void> Connect();
  // Head and buffered body in one call; what does not fit and a streamed body are left to the pump. False when the pooled
  // connection was dead and not a byte has left: choose again.
  bool SendRequest();
  bool pumping() const { return pump_ != nullptr; }
  bool request_sent() const { return request_sent_; }
  // Waits until the pump has ended.
  Coroutine<void> Join();

  // --- the answer's head ----------------------------------------------------------------------------------------------
  // Makes sure that a read is under way; true when one had ended already and was taken.
  bool NextRead();
  void OnRead(std::ptrdiff_t got);
  // kDone: there is a head (outcome.status), or it failed, or everything is to be done again on a new connection (retry).
  Step ParseHead();
  bool retry();
  Coroutine<void> PassInterim();

  // --- the answer's body ----------------------------------------------------------------------------------------------
  // Sets the exchange's head. True when the whole answer was there and has been sent; false: RelayBody.
  bool AnswerAtOnce();
  // The next piece of the body from the front of `raw`; sets body_done at the end.
  Result<std::string_view> TakePiece(std::string_view& raw);
  // Keeps the connection for others when both messages have ended as they should.
  void PutBack();

  // --- failure --------------------------------------------------------------------------------------------------------
  bool failed() const { return static_cast<bool>(error_); }
  // The first failure counts.
  void Fail(Error error);
  // Ends the pump, drops the connection, aborts the exchange when its head was set, and gives the error.
  Task<RelayOutcome> Fails();

  Exchange& exchange;
  const RelayPlan& plan;
  UpstreamPool::Impl& pool;
  UpstreamConnectionPtr connection;
  RelayOutcome outcome;
  http::Framing framing;                   // of the answer
  std::string_view first_piece;            // of its body, taken by AnswerAtOnce
  std::size_t head_size = 0;
  bool body_done = false;

 private:
  void OnAbort() override {
    if (connection) connection->socket.Close();
  }
  void FailOnEnd();
  bool TakeWholeBody();
  void StartPump(std::size_t sent, std::span<const char> body, bool buffered);
  static Coroutine<void> Pump(RelayJob& job, std::size_t sent, std::span<const char> body, bool buffered,
                                           async::Promise<void> done);
  Coroutine<void> PumpOnce(std::size_t sent, std::span<const char> body, bool buffered);

  http::ChunkedDecoder decoder_;
  std::uint64_t taken_ = 0;                // bytes of a kLength answer
  std::uint64_t tried_ = 0;                // addresses that refused, a bit each
  std::unique_ptr<Error> error_;
  std::unique_ptr<Error> client_error_;    // why the request's body could not be read
  std::unique_ptr<async::Future<void>> pump_;
  std::size_t address_ = 0;
  std::size_t scanned_ = 0;
  std::uint8_t interim_ = 0;
  bool fresh_only_ = false;
  bool retriable_ = false;
  bool retry_ = false;
  bool any_byte_ = false;
  bool request_sent_ = true;
};

// The rest of an answer that has not arrived whole.
Coroutine<void> RelayBody(RelayJob& job);
// After a 101 that may pass.
Task<RelayOutcome> Tunnel(RelayJob& job);

}  // namespace sallyport::net
