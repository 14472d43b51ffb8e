// SPDX-License-Identifier: Apache-2.0
// The usual request costs one write and one read on each side, and no coroutine below this one: head and buffered body
// go out together, and an answer that has arrived whole is sent on in one call. Everything else is in relay_body.cc and
// tunnel.cc.
#include "sallyport/net/relay.h"

#include <fmt/format.h>

#include <cerrno>

#include "sallyport/net/relay_job.h"

namespace sallyport::net {
namespace {

constexpr http::HeadLimits kAnswerLimits{.max_head_bytes = 64 * 1024, .max_target_bytes = 0, .max_fields = http::kMaxHeaderFields};
constexpr int kMostInterimAnswers = 16;

void ComposeHead(RelayJob& job) {
  const auto& request = job.exchange.head();
  auto& connection = *job.connection;
  http::HeadEdits edits = job.plan.request_edits != nullptr ? *job.plan.request_edits : http::HeadEdits{};
  http::MarkHopByHop(request.fields, edits.drop);
  const auto fields = request.fields.fields();
  if (request.fields.Has(http::HeaderId::kContentLength) || request.fields.Has(http::HeaderId::kExpect)) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto id = fields[i].id;
      if (id == http::HeaderId::kContentLength || id == http::HeaderId::kExpect) edits.drop.set(i);
    }
  }
  connection.line.assign(request.method_name).append(" ").append(job.plan.target).append(" HTTP/1.1");
  connection.out.clear();
  http::WriteHead(connection.out, connection.line, fields, edits);
  const auto& framing = job.exchange.framing();
  if (framing.kind == http::BodyKind::kNone && !job.plan.websocket) return;
  connection.out.resize(connection.out.size() - 2);
  if (framing.kind == http::BodyKind::kLength) {
    fmt::format_to(std::back_inserter(connection.out), "Content-Length: {}\r\n", framing.length);
  } else if (framing.kind == http::BodyKind::kChunked) {
    connection.out += "Transfer-Encoding: chunked\r\n";
  }
  if (job.plan.websocket) connection.out += "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  connection.out += "\r\n";
}

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

bool MaySwitch(const RelayPlan& plan, const http::ResponseHead& head) {
  using enum http::HeaderId;
  return plan.websocket && head.fields.Count(kSecWebSocketAccept) == 1 &&
         head.fields.Get(kSecWebSocketAccept) == plan.websocket_accept &&
         http::EqualsIgnoreCase(head.fields.Get(kUpgrade), "websocket");
}

}  // namespace

Task<RelayOutcome> Relay(Exchange& exchange, RelayPlan plan) {
  RelayJob job(exchange, plan);
  const http::Method method = exchange.head().method;
  std::uint64_t tried = 0;
  bool fresh_only = false;
  for (;;) {
    // --- a connection
    const std::size_t address = job.pool.health->Choose(tried);
    if (address == UpstreamHealth::kNone) co_return job.connect_error(plan.pool->options().name);
    if (!fresh_only) job.connection = job.pool.TakeIdle(address);
    std::span<const char> body;
    const bool buffered = exchange.BodyIsBuffered(body);
    const bool retriable = http::IsIdempotent(method) && buffered;
    while (job.connection && !retriable && !job.connection->SeemsAlive()) job.connection = job.pool.TakeIdle(address);
    if (!job.connection) {
      auto connected = co_await job.pool.Connect(address);
      if (exchange.abort_reason() != AbortReason::kNone) co_return Fail(Errc::kAborted);
      if (!connected) {
        // Nothing has been sent: any other address may have it.
        job.last_error = std::move(connected).error();
        tried |= address < 64 ? std::uint64_t{1} << address : 0;
        if (address >= 64) co_return std::unexpected(std::move(job.last_error));
        continue;
      }
      job.connection = *std::move(connected);
    }
    auto& connection = *job.connection;
    job.outcome.reused_connection = connection.reused;

    // --- the request
    ComposeHead(job);
    const iovec parts[2] = {{connection.out.data(), connection.out.size()}, {const_cast<char*>(body.data()), body.size()}};
    const std::size_t total = connection.out.size() + body.size();
    auto sent = connection.socket.TryWrite({parts, body.empty() ? 1U : 2U});
    if (sent < 0 && sent != -EAGAIN) {
      if (connection.reused) {
        // Not a byte has left: no request is under way twice.
        job.Drop();
        fresh_only = true;
        continue;
      }
      job.pool.health->Failed(address);
      co_return job.Lost(Errc::kUpstreamCut);
    }
    connection.deadline.Arm(plan.pool->options().head_timeout);
    if (!buffered || sent != static_cast<std::ptrdiff_t>(total)) {
      job.StartPump(sent < 0 ? 0 : static_cast<std::size_t>(sent), body, buffered);
    }

    // --- the answer's head
    bool any_byte = false;
    bool retry = false;
    std::size_t scanned = 0;
    for (int interim = 0;;) {
      std::size_t head_size = 0;
      if (!connection.in.empty()) {
        auto parsed = http::ParseResponseHead(connection.in.view(), scanned, kAnswerLimits, connection.head);
        if (!parsed) co_return co_await job.Fails(Error(Errc::kUpstreamMalformed, parsed.error().ToLogString()));
        head_size = *parsed;
      }
      if (head_size == 0) {
        scanned = connection.in.size();
        auto got = connection.socket.TakeRead();
        if (!got) {
          if (!connection.socket.reading()) {
            if (!connection.in.MakeRoom(kAnswerLimits.max_head_bytes + 4096)) co_return co_await job.Fails(Errc::kUpstreamMalformed);
            connection.socket.StartRead(connection.in.free());
          }
          got = co_await connection.socket.AwaitRead();
        }
        if (*got > 0) {
          any_byte = true;
          connection.in.Commit(static_cast<std::size_t>(*got));
          continue;
        }
        retry = !any_byte && retriable && connection.reused && !connection.timed_out && !fresh_only &&
                exchange.abort_reason() == AbortReason::kNone;
        if (retry) break;
        co_return co_await job.FailsToAnswer();
      }
      scanned = 0;
      const auto status = connection.head.status;
      if (status >= 200 || status == 101) {
        job.head_size = head_size;
        break;
      }
      if (++interim > kMostInterimAnswers) co_return co_await job.Fails(Errc::kUpstreamMalformed);
      if (status != 100) SALLYPORT_CO_CHECK(co_await job.OrFail(co_await job.PassInterim()));
      connection.in.Consume(head_size);
    }
    if (retry) {
      connection.socket.Close();
      co_await job.Join();
      job.Drop();
      fresh_only = true;
      continue;
    }
    break;
  }

  auto& connection = *job.connection;
  connection.deadline.Disarm();
  job.pool.health->Succeeded(connection.address);
  const auto& head = connection.head;
  job.outcome.status = head.status;
  if (head.status == 101) {
    if (!MaySwitch(plan, head)) co_return co_await job.Fails(Errc::kUpstreamMalformed);
    co_return co_await Tunnel(job);
  }
  auto framing = http::FrameResponse(head, method);
  if (!framing) co_return co_await job.Fails(Error(Errc::kUpstreamMalformed, framing.error().ToLogString()));
  job.framing = *framing;

  http::HeadEdits edits;
  http::MarkHopByHop(head.fields, edits.drop);
  if (plan.editor != nullptr) plan.editor->Edit(head, edits);
  exchange.SetHead(head, edits, FramingFor(head, *framing, method));
  connection.in.Consume(job.head_size);

  std::string_view last;
  if (!job.TakeWholeBody(last) || job.pumping()) {
    SALLYPORT_CO_CHECK(co_await RelayBody(job, last));
  } else {
    switch (exchange.TryFinish(last)) {
      case FinishAttempt::kDone: break;
      case FinishAttempt::kNotTaken:
        SALLYPORT_CO_CHECK(co_await job.OrFail(co_await exchange.WriteBody(last)));
        [[fallthrough]];
      case FinishAttempt::kMore: SALLYPORT_CO_CHECK(co_await job.OrFail(co_await exchange.Finish()));
    }
  }
  job.PutBack();
  co_return job.outcome;
}

}  // namespace sallyport::net
