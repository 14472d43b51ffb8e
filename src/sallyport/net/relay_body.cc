// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/relay_job.h"

namespace sallyport::net {
namespace {

constexpr std::size_t kFullReadsToGrow = 2;

// After the answer: a request that is still on its way has lost its purpose.
Task<void> EndAnswer(RelayJob& job) {
  if (job.pumping()) {
    job.exchange.StopReadingBody();
    if (!job.request_sent()) {
      job.connection->socket.Close();
      job.exchange.CloseAfter();
    }
    co_await job.Join();
  }
  co_return Result<void>();
}

}  // namespace

Task<void> RelayBody(RelayJob& job, std::string_view piece) {
  auto& connection = *job.connection;
  auto& exchange = job.exchange;
  const Duration idle = job.plan.pool->options().idle_timeout;
  LeasedBuffer buffer;
  std::string_view raw = connection.in.view();
  std::size_t full_reads = 0;
  bool begun = false;
  for (;;) {
    if (job.body_done) break;
    if (!piece.empty()) {
      begun = true;
      // A client that is slow to take a piece must not cost the upstream its time.
      SALLYPORT_CO_CHECK(co_await job.OrFail(co_await exchange.WriteBody(piece)));
    }
    auto next = job.TakePiece(raw);
    if (!next) {
      co_return co_await job.OrFail(Fail(Errc::kUpstreamCut, next.error().ToLogString()));
    }
    piece = *next;
    if (!piece.empty() || job.body_done) continue;

    if (!begun) {
      begun = true;
      SALLYPORT_CO_CHECK(co_await job.OrFail(co_await exchange.Flush()));
    }
    connection.in.Consume(connection.in.size());
    if (!buffer) buffer = LeasedBuffer(false);
    if (full_reads == kFullReadsToGrow && buffer.span().size() == LeasedBuffer::kSmall) buffer = LeasedBuffer(true);
    connection.deadline.Arm(idle);
    connection.socket.StartRead(buffer.span());
    auto got = connection.socket.TakeRead();
    if (!got) got = co_await connection.socket.AwaitRead();
    connection.deadline.Disarm();
    if (*got == 0 && job.framing.kind == http::BodyKind::kUntilClose) {
      job.body_done = true;
      piece = {};
      continue;
    }
    if (*got <= 0) {
      co_return co_await job.OrFail(Fail(connection.timed_out ? Errc::kUpstreamTimeout : Errc::kUpstreamCut));
    }
    const auto size = static_cast<std::size_t>(*got);
    raw = {buffer.span().data(), size};
    if (size == buffer.span().size()) ++full_reads;
    piece = {};
  }
  // Bytes behind the end of the answer: nobody knows what they are.
  if (!raw.empty()) job.framing.keep_alive = false;
  connection.in.Consume(connection.in.size());
  switch (exchange.TryFinish(piece)) {
    case FinishAttempt::kDone: break;
    case FinishAttempt::kNotTaken:
      SALLYPORT_CO_CHECK(co_await job.OrFail(co_await exchange.WriteBody(piece)));
      [[fallthrough]];
    case FinishAttempt::kMore: SALLYPORT_CO_CHECK(co_await job.OrFail(co_await exchange.Finish()));
  }
  co_return co_await EndAnswer(job);
}

}  // namespace sallyport::net
