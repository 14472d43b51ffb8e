// SPDX-License-Identifier: Apache-2.0
// Bodies: the request's pump, the answer that is there at once, and the answer that streams.
#include <fmt/format.h>

#include "sallyport/async/spawn.h"
#include "sallyport/net/leased_buffer.h"
#include "sallyport/net/relay_job.h"

namespace sallyport::net {
namespace {

constexpr std::size_t kFullReadsToGrow = 2;

// How the answer's body goes to the client.
BodyFraming FramingFor(const http::ResponseHead& head, const http::Framing& framing, http::Method method) {
  switch (framing.kind) {
    case http::BodyKind::kLength: return {BodyFraming::kLength, framing.length};
    case http::BodyKind::kChunked:
    case http::BodyKind::kUntilClose: return {BodyFraming::kStream, 0};
    case http::BodyKind::kNone: break;
  }
  // HEAD and 304 say how long the body would be.
  if ((method != http::Method::kHead && head.status != 304) || !head.fields.Has(http::HeaderId::kContentLength)) return {};
  http::ResponseHead as_get = head;
  as_get.status = 200;
  const auto length = http::FrameResponse(as_get, http::Method::kGet);
  if (!length || length->kind != http::BodyKind::kLength) return {};
  return {BodyFraming::kLength, length->length};
}

}  // namespace

// --- the request's -----------------------------------------------------------------------------------------------------

void RelayJob::StartPump(std::size_t sent, std::span<const char> body, bool buffered) {
  request_sent_ = false;
  auto [promise, future] = async::MakeCompletion<void>(pool.executor);
  pump_ = std::make_unique<async::Future<void>>(std::move(future));
  async::Spawn(pool.executor, Pump(*this, sent, body, buffered, std::move(promise)), "relay body");
}

Coroutine<void> RelayJob::Pump(RelayJob& job, std::size_t sent, std::span<const char> body, bool buffered,
                                            async::Promise<void> done) {
  co_await job.PumpOnce(sent, body, buffered);
  done.Set({});
}

Coroutine<void> RelayJob::PumpOnce(std::size_t sent, std::span<const char> body, bool buffered) {
  // The connection is this request's as long as the pump runs: it is dropped or put back only after Join.
  auto& to = *connection;
  const std::size_t head = to.out.size();
  if (sent < head && co_await to.socket.WriteAll(std::span(to.out).subspan(sent)) < 0) co_return;
  if (buffered) {
    const std::size_t body_sent = sent > head ? sent - head : 0;
    request_sent_ = co_await to.socket.WriteAll(body.subspan(body_sent)) == 0;
    co_return;
  }
  const bool chunked = exchange.framing().kind == http::BodyKind::kChunked;
  constexpr std::string_view kEndOfChunk = "\r\n";
  constexpr std::string_view kLastChunk = "0\r\n\r\n";
  std::string size;
  for (;;) {
    const auto piece = co_await exchange.ReadBody();
    if (!piece) {
      client_error_ = std::make_unique<Error>(piece.error());
      // The upstream waits for the rest in vain; whoever reads its answer wakes by this.
      if (outcome.status == 0) to.socket.Close();
      co_return;
    }
    if (piece->empty()) break;
    if (outcome.status == 0) to.deadline.Arm(pool.options.head_timeout);
    if (chunked) {
      size.clear();
      fmt::format_to(std::back_inserter(size), "{:x}\r\n", piece->size());
      if (co_await to.socket.WriteAll(size) < 0) co_return;
    }
    if (co_await to.socket.WriteAll(*piece) < 0) co_return;
    if (chunked && co_await to.socket.WriteAll(kEndOfChunk) < 0) co_return;
  }
  if (chunked && co_await to.socket.WriteAll(kLastChunk) < 0) co_return;
  request_sent_ = true;
}

Coroutine<void> RelayJob::Join() {
  if (!pump_) co_return;
  auto pump = std::move(*pump_);
  (void)co_await std::move(pump).Wait();
  pump_.reset();
}

// --- the answer's ------------------------------------------------------------------------------------------------------

Result<std::string_view> RelayJob::TakePiece(std::string_view& raw) {
  std::string_view piece;
  switch (framing.kind) {
    case http::BodyKind::kNone: body_done = true; break;
    case http::BodyKind::kUntilClose: piece = std::exchange(raw, {}); break;
    case http::BodyKind::kLength:
      piece = raw.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(raw.size(), framing.length - taken_)));
      raw.remove_prefix(piece.size());
      taken_ += piece.size();
      body_done = taken_ == framing.length;
      break;
    case http::BodyKind::kChunked:
      for (;;) {
        SALLYPORT_TRY(const auto step, decoder_.Feed(raw));
        raw.remove_prefix(step.consumed);
        body_done = step.done;
        piece = step.data;
        if (step.done || !step.data.empty() || step.consumed == 0) break;
      }
      break;
  }
  if (plan.watch != nullptr && !piece.empty() && !plan.watch->Passes(piece)) return sallyport::Fail(Errc::kUpstreamCut, "stopped by the watch");
  return piece;
}

// True when the body is in the buffer to its end, in one piece. Otherwise first_piece is its beginning.
bool RelayJob::TakeWholeBody() {
  std::string_view raw = connection->in.view();
  const std::size_t before = raw.size();
  auto piece = TakePiece(raw);
  if (!piece) {
    Fail(Error(Errc::kUpstreamCut, piece.error().ToLogString()));
    return false;
  }
  first_piece = *piece;
  if (framing.kind == http::BodyKind::kChunked && !body_done && !raw.empty()) {
    // Mostly the last chunk follows the only one at once. What is no last chunk is left to RelayBody.
    http::ChunkedDecoder ahead = decoder_;
    std::string_view rest = raw;
    for (int i = 0; i < 2 && !body_done; ++i) {
      const auto step = ahead.Feed(rest);
      if (!step || !step->data.empty()) break;
      rest.remove_prefix(step->consumed);
      body_done = step->done;
    }
    if (body_done) raw = rest;
  }
  connection->in.Consume(before - raw.size());
  return body_done;
}

bool RelayJob::AnswerAtOnce() {
  const auto& head = connection->head;
  const auto method = exchange.head().method;
  auto framed = http::FrameResponse(head, method);
  if (!framed) {
    Fail(Error(Errc::kUpstreamMalformed, framed.error().ToLogString()));
    return true;
  }
  framing = *framed;
  http::HeadEdits edits;
  http::MarkHopByHop(head.fields, edits.drop);
  if (plan.editor != nullptr) plan.editor->Edit(head, edits);
  exchange.SetHead(head, edits, FramingFor(head, framing, method));
  connection->in.Consume(head_size);
  const bool whole = TakeWholeBody();
  if (failed()) return true;
  if (!whole || pumping()) return false;
  const auto attempt = exchange.TryFinish(first_piece);
  if (attempt == FinishAttempt::kMore) first_piece = {};
  return attempt == FinishAttempt::kDone;
}

void RelayJob::PutBack() {
  // A connection on which bytes follow the answer is refused by the pool.
  if (framing.keep_alive && framing.kind != http::BodyKind::kUntilClose && request_sent_ && !pump_ && body_done &&
      exchange.abort_reason() == AbortReason::kNone) {
    pool.PutBack(std::move(connection));
  }
  connection.reset();
}

namespace {

// One more read of the answer; empty at its end (kUntilClose) or on failure.
Coroutine<std::string_view> ReadMore(RelayJob& job, LeasedBuffer& buffer, std::size_t& full_reads) {
  auto& from = *job.connection;
  if (!buffer) buffer = LeasedBuffer(false);
  if (full_reads == kFullReadsToGrow && buffer.span().size() == LeasedBuffer::kSmall) buffer = LeasedBuffer(true);
  from.deadline.Arm(job.pool.options.idle_timeout);
  from.socket.StartRead(buffer.span());
  auto got = from.socket.TakeRead();
  if (!got) got = co_await from.socket.AwaitRead();
  from.deadline.Disarm();
  if (*got > 0) {
    const auto size = static_cast<std::size_t>(*got);
    if (size == buffer.span().size()) ++full_reads;
    co_return std::string_view(buffer.span().data(), size);
  }
  if (*got == 0 && job.framing.kind == http::BodyKind::kUntilClose) {
    job.body_done = true;
  } else {
    job.Fail(Error(from.timed_out ? Errc::kUpstreamTimeout : Errc::kUpstreamCut, job.pool.options.name));
  }
  co_return std::string_view();
}

// The last bytes of the answer. A request that is still on its way has then lost its purpose.
Coroutine<void> End(RelayJob& job, std::string_view last) {
  auto attempt = job.exchange.TryFinish(last);
  Result<void> ended;
  if (attempt == FinishAttempt::kNotTaken && !last.empty()) ended = co_await job.exchange.WriteBody(last);
  if (ended && attempt != FinishAttempt::kDone) ended = co_await job.exchange.Finish();
  if (!ended) co_return job.Fail(std::move(ended).error());
  if (!job.pumping()) co_return;
  job.exchange.StopReadingBody();
  if (!job.request_sent()) {
    job.connection->socket.Close();
    job.exchange.CloseAfter();
  }
  co_await job.Join();
}

}  // namespace

Coroutine<void> RelayBody(RelayJob& job) {
  auto& in = job.connection->in;
  LeasedBuffer buffer;
  std::size_t full_reads = 0;
  std::string_view raw = in.view();
  std::string_view piece = job.first_piece;
  // The head goes out with the first piece, and without one when the answer pauses there.
  bool begun = false;
  while (!job.body_done) {
    if (!piece.empty() || (raw.empty() && !begun)) {
      begun = true;
      Result<void> sent;  // no conditional around the two: g++ 12 would destroy the error twice
      if (piece.empty()) sent = co_await job.exchange.Flush();
      else sent = co_await job.exchange.WriteBody(piece);
      if (!sent) co_return job.Fail(std::move(sent).error());
    }
    if (raw.empty()) {
      in.Consume(in.size());
      raw = co_await ReadMore(job, buffer, full_reads);
      if (job.failed()) co_return;
      piece = {};
      if (job.body_done) break;
    }
    auto next = job.TakePiece(raw);
    if (!next) co_return job.Fail(Error(Errc::kUpstreamCut, next.error().ToLogString()));
    piece = *next;
  }
  in.Consume(in.size());
  if (!raw.empty()) job.framing.keep_alive = false;  // bytes behind the end of the answer: nobody knows what they are
  co_await End(job, piece);
}

}  // namespace sallyport::net
