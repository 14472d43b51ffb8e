// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/relay_job.h"

#include <fmt/format.h>

#include "sallyport/async/spawn.h"

namespace sallyport::net {

std::unexpected<Error> RelayJob::connect_error(const std::string& upstream) {
  if (last_error.code) return std::unexpected(std::move(last_error));
  return Fail(Errc::kUpstreamRefused, upstream + ": no healthy address");
}

std::unexpected<Error> RelayJob::Lost(Errc code) {
  const auto& name = plan.pool->options().name;
  Drop();
  return Fail(code, name);
}

void RelayJob::PutBack() {
  const bool clean = framing.keep_alive && framing.kind != http::BodyKind::kUntilClose && request_sent_ && !pump_ &&
                     exchange.abort_reason() == AbortReason::kNone;
  if (clean) pool.PutBack(std::move(connection));
  connection.reset();
}

void RelayJob::StartPump(std::size_t sent, std::span<const char> body, bool buffered) {
  request_sent_ = false;
  auto [promise, future] = async::MakeCompletion<void>(pool.executor);
  pump_.emplace(std::move(future));
  async::Spawn(pool.executor, Pump(*this, sent, body, buffered, std::move(promise)), "relay body");
}

boost::asio::awaitable<void> RelayJob::Pump(RelayJob& job, std::size_t sent, std::span<const char> body, bool buffered,
                                            async::Promise<void> done) {
  co_await job.PumpOnce(sent, body, buffered);
  done.Set({});
}

boost::asio::awaitable<void> RelayJob::PumpOnce(std::size_t sent, std::span<const char> body, bool buffered) {
  // The connection is this request's as long as the pump runs: it is dropped or put back only after Join.
  auto& to = *connection;
  const auto timeout = plan.pool->options().head_timeout;
  const std::size_t head = to.out.size();
  if (sent < head && co_await to.socket.WriteAll(std::span(to.out).subspan(sent)) < 0) co_return;
  if (buffered) {
    request_sent_ = co_await to.socket.WriteAll(body.subspan(sent > head ? sent - head : 0)) == 0;
    co_return;
  }
  const bool chunked = exchange.framing().kind == http::BodyKind::kChunked;
  std::string chunk;
  for (;;) {
    const auto piece = co_await exchange.ReadBody();
    if (!piece) {
      pump_error = piece.error();
      // The upstream waits for the rest in vain; whoever reads its answer wakes by this.
      if (!outcome.status) to.socket.Close();
      co_return;
    }
    if (piece->empty()) break;
    if (!outcome.status) to.deadline.Arm(timeout);
    if (chunked) {
      chunk.clear();
      fmt::format_to(std::back_inserter(chunk), "{:x}\r\n", piece->size());
      if (co_await to.socket.WriteAll(chunk) < 0) co_return;
    }
    if (co_await to.socket.WriteAll(*piece) < 0) co_return;
    if (chunked && co_await to.socket.WriteAll(std::string_view("\r\n")) < 0) co_return;
  }
  if (chunked && co_await to.socket.WriteAll(std::string_view("0\r\n\r\n")) < 0) co_return;
  request_sent_ = true;
}

boost::asio::awaitable<void> RelayJob::Join() {
  if (!pump_) co_return;
  auto pump = std::move(*pump_);
  (void)co_await std::move(pump).Wait();
  pump_.reset();
}

Task<RelayOutcome> RelayJob::Fails(Error error) {
  if (connection) connection->socket.Close();
  if (pump_) {
    exchange.StopReadingBody();
    co_await Join();
  }
  Drop();
  if (exchange.abort_reason() != AbortReason::kNone) {
    co_return Fail(exchange.abort_reason() == AbortReason::kClientGone ? Errc::kClientGone : Errc::kAborted);
  }
  if (exchange.head_was_set()) exchange.Abort(AbortReason::kUpstreamCut);
  co_return std::unexpected(std::move(error));
}

Task<RelayOutcome> RelayJob::FailsToAnswer() {
  // The client's fault comes first: it is what closed the connection.
  if (pump_error.code && !pump_error.Is(Errc::kAborted)) co_return co_await Fails(pump_error);
  const bool aborted = exchange.abort_reason() != AbortReason::kNone;
  if (!aborted) pool.health->Failed(connection->address);
  const auto& name = plan.pool->options().name;
  co_return co_await Fails(Error(connection->timed_out ? Errc::kUpstreamTimeout : Errc::kUpstreamCut, name));
}

Task<void> RelayJob::PassInterim() {
  http::HeadEdits edits;
  http::MarkHopByHop(connection->head.fields, edits.drop);
  co_return co_await exchange.SendInformational(connection->head, edits);
}

Task<void> RelayJob::OrFail(Result<void> result) {
  if (result) co_return result;
  auto failed = co_await Fails(std::move(result).error());
  co_return std::unexpected(std::move(failed).error());
}

Result<std::string_view> RelayJob::TakePiece(std::string_view& raw) {
  std::string_view piece;
  switch (framing.kind) {
    case http::BodyKind::kNone: body_done = true; break;
    case http::BodyKind::kUntilClose: piece = std::exchange(raw, {}); break;
    case http::BodyKind::kLength:
      piece = raw.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(raw.size(), framing.length - taken)));
      raw.remove_prefix(piece.size());
      taken += piece.size();
      body_done = taken == framing.length;
      break;
    case http::BodyKind::kChunked:
      if (!decoder) decoder.emplace();
      for (;;) {
        SALLYPORT_TRY(const auto step, decoder->Feed(raw));
        raw.remove_prefix(step.consumed);
        body_done = step.done;
        piece = step.data;
        if (step.done || !step.data.empty() || step.consumed == 0) break;
      }
      break;
  }
  return piece;
}

bool RelayJob::TakeWholeBody(std::string_view& piece) {
  std::string_view raw = connection->in.view();
  const std::size_t before = raw.size();
  auto first = TakePiece(raw);
  if (first && framing.kind == http::BodyKind::kChunked && !body_done && !raw.empty()) {
    // Mostly the last chunk follows the only one at once. What is no last chunk is left to RelayBody.
    http::ChunkedDecoder ahead = *decoder;
    std::string_view rest = raw;
    auto step = ahead.Feed(rest);
    if (step && step->data.empty()) {
      rest.remove_prefix(step->consumed);
      if (!step->done) step = ahead.Feed(rest);
      if (step && step->done) {
        rest.remove_prefix(step->consumed);
        raw = rest;
        body_done = true;
      }
    }
  }
  if (!first) {
    // RelayBody meets the error again and deals with it.
    decoder.reset();
    piece = {};
    return false;
  }
  piece = *first;
  connection->in.Consume(before - raw.size());
  return body_done;
}

}  // namespace sallyport::net
