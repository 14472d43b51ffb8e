// SPDX-License-Identifier: Apache-2.0
// Choosing a connection, sending the request, reading the answer's head, and what happens when that fails.
#include "sallyport/net/relay_job.h"

#include <fmt/format.h>

#include <cerrno>

#include "sallyport/async/spawn.h"

namespace sallyport::net {
namespace {

constexpr http::HeadLimits kAnswerLimits{.max_head_bytes = 64 * 1024, .max_target_bytes = 0, .max_fields = http::kMaxHeaderFields};
constexpr std::size_t kMostToBuffer = kAnswerLimits.max_head_bytes + 4096;
constexpr int kMostInterimAnswers = 16;
constexpr std::size_t kSmallBody = 2048;   // copied behind its head: a plain send is cheaper than a gathering one

void ComposeHead(const RelayPlan& plan, const Exchange& exchange, UpstreamConnection& connection) {
  const auto& request = exchange.head();
  http::HeadEdits edits = plan.request_edits != nullptr ? *plan.request_edits : http::HeadEdits{};
  http::MarkHopByHop(request.fields, edits.drop);
  const auto fields = request.fields.fields();
  if (request.fields.Has(http::HeaderId::kContentLength) || request.fields.Has(http::HeaderId::kExpect)) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto id = fields[i].id;
      if (id == http::HeaderId::kContentLength || id == http::HeaderId::kExpect) edits.drop.set(i);
    }
  }
  connection.line.assign(request.method_name).append(" ").append(plan.target).append(" HTTP/1.1");
  connection.out.clear();
  http::WriteHead(connection.out, connection.line, fields, edits);
  const auto& framing = exchange.framing();
  if (framing.kind == http::BodyKind::kNone && !plan.websocket) return;
  connection.out.resize(connection.out.size() - 2);
  if (framing.kind == http::BodyKind::kLength) {
    fmt::format_to(std::back_inserter(connection.out), "Content-Length: {}\r\n", framing.length);
  } else if (framing.kind == http::BodyKind::kChunked) {
    connection.out += "Transfer-Encoding: chunked\r\n";
  }
  if (plan.websocket) connection.out += "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  connection.out += "\r\n";
}

bool MaySwitch(const RelayPlan& plan, const http::ResponseHead& head) {
  using enum http::HeaderId;
  return plan.websocket && head.fields.Count(kSecWebSocketAccept) == 1 &&
         head.fields.Get(kSecWebSocketAccept) == plan.websocket_accept &&
         http::EqualsIgnoreCase(head.fields.Get(kUpgrade), "websocket");
}

}  // namespace

bool RelayJob::TakePooled() {
  // Nobody was told: it was aborted before this job listened, and a pooled connection would take the request at once.
  if (exchange.abort_reason() != AbortReason::kNone) {
    Fail(Errc::kAborted);
    return false;
  }
  address_ = pool.health->Choose(tried_);
  if (address_ == UpstreamHealth::kNone) {
    Fail(Error(Errc::kUpstreamRefused, pool.options.name + ": no healthy address"));
    return false;
  }
  if (fresh_only_) return false;
  std::span<const char> body;
  retriable_ = http::IsIdempotent(exchange.head().method) && exchange.BodyIsBuffered(body);
  do {
    connection = pool.TakeIdle(address_);
    // What must not be sent twice is not sent on a connection that may be dead already.
  } while (connection && !retriable_ && !connection->SeemsAlive());
  return connection != nullptr;
}

Coroutine<void> RelayJob::Connect() {
  for (;;) {
    auto connected = co_await pool.Connect(address_);
    if (exchange.abort_reason() != AbortReason::kNone) co_return Fail(Errc::kAborted);
    if (connected) {
      connection = *std::move(connected);
      co_return;
    }
    tried_ |= address_ < 64 ? std::uint64_t{1} << address_ : ~std::uint64_t{0};
    const auto next = pool.health->Choose(tried_);
    if (next == UpstreamHealth::kNone || tried_ == ~std::uint64_t{0}) co_return Fail(std::move(connected).error());
    address_ = next;
    if ((connection = pool.TakeIdle(address_)) != nullptr) {
      if (connection->SeemsAlive()) co_return;
      connection.reset();
    }
  }
}

bool RelayJob::SendRequest() {
  auto& to = *connection;
  outcome.reused_connection = to.reused;
  retry_ = any_byte_ = false;
  scanned_ = 0;
  ComposeHead(plan, exchange, to);
  std::span<const char> body;
  const bool buffered = exchange.BodyIsBuffered(body);
  if (buffered && body.size() <= kSmallBody) {
    to.out.append(body.data(), body.size());
    body = {};
  }
  const iovec parts[2] = {{to.out.data(), to.out.size()}, {const_cast<char*>(body.data()), body.size()}};
  const std::size_t total = to.out.size() + body.size();
  const auto sent = to.socket.TryWrite({parts, body.empty() ? 1U : 2U});
  if (sent < 0 && sent != -EAGAIN) {
    fresh_only_ = true;
    if (to.reused) return connection.reset(), false;
    FailOnEnd();
    return true;
  }
  to.deadline.Arm(pool.options.head_timeout);
  if (!buffered || sent != static_cast<std::ptrdiff_t>(total)) {
    StartPump(static_cast<std::size_t>(std::max<std::ptrdiff_t>(sent, 0)), body, buffered);
  }
  return true;
}

bool RelayJob::NextRead() {
  if (failed()) return true;
  auto& from = *connection;
  if (auto got = from.socket.TakeRead()) {
    OnRead(*got);
    return true;
  }
  if (from.socket.reading()) return false;
  if (!from.in.MakeRoom(kMostToBuffer)) {
    Fail(Error(Errc::kUpstreamMalformed, "head too large"));
    return true;
  }
  from.socket.StartRead(from.in.free());
  return false;
}

void RelayJob::OnRead(std::ptrdiff_t got) {
  if (got > 0) {
    any_byte_ = true;
    connection->in.Commit(static_cast<std::size_t>(got));
    return;
  }
  retry_ = !any_byte_ && retriable_ && connection->reused && !connection->timed_out && !fresh_only_ &&
           exchange.abort_reason() == AbortReason::kNone;
  if (!retry_) FailOnEnd();
}

void RelayJob::FailOnEnd() {
  // The client's fault comes first: it is what closed the connection.
  if (client_error_ && !client_error_->Is(Errc::kAborted)) return Fail(*client_error_);
  if (exchange.abort_reason() == AbortReason::kNone) pool.health->Failed(connection->address);
  Fail(Error(connection->timed_out ? Errc::kUpstreamTimeout : Errc::kUpstreamCut, pool.options.name));
}

RelayJob::Step RelayJob::ParseHead() {
  if (failed() || retry_) return Step::kDone;
  auto& from = *connection;
  if (from.in.empty()) return Step::kMore;
  auto parsed = http::ParseResponseHead(from.in.view(), scanned_, kAnswerLimits, from.head);
  if (!parsed) {
    Fail(Error(Errc::kUpstreamMalformed, parsed.error().ToLogString()));
    return Step::kDone;
  }
  scanned_ = *parsed == 0 ? from.in.size() : 0;
  head_size = *parsed;
  if (head_size == 0) return Step::kMore;
  if (from.head.status < 200 && from.head.status != 101) {
    if (++interim_ <= kMostInterimAnswers) return Step::kInterim;
    Fail(Error(Errc::kUpstreamMalformed, "interim answers without end"));
    return Step::kDone;
  }
  from.deadline.Disarm();
  pool.health->Succeeded(from.address);
  outcome.status = from.head.status;
  if (from.head.status == 101 && !MaySwitch(plan, from.head)) Fail(Error(Errc::kUpstreamMalformed, "101 that was not asked for"));
  return Step::kDone;
}

bool RelayJob::retry() {
  if (!retry_ || failed()) return false;
  // The body was in the buffer and still is. A pump that was sending it fails on the dead connection by itself, but it
  // refers to that connection: there is nothing to gain from waiting for it here, so such a request is given up.
  if (pump_) {
    FailOnEnd();
    return false;
  }
  fresh_only_ = true;
  connection.reset();
  return true;
}

Coroutine<void> RelayJob::PassInterim() {
  // 100 was asked for by nobody: Expect ends here.
  if (connection->head.status != 100) {
    http::HeadEdits edits;
    http::MarkHopByHop(connection->head.fields, edits.drop);
    if (plan.editor != nullptr) plan.editor->EditInterim(connection->head, edits);
    auto passed = co_await exchange.SendInformational(connection->head, edits);
    if (!passed) Fail(std::move(passed).error());
  }
  connection->in.Consume(head_size);
}

void RelayJob::Fail(Error error) {
  if (!error_) error_ = std::make_unique<Error>(std::move(error));
}

Task<RelayOutcome> RelayJob::Fails() {
  if (connection) connection->socket.Close();
  if (pump_) {
    exchange.StopReadingBody();
    co_await Join();
  }
  connection.reset();
  const auto reason = exchange.abort_reason();
  if (reason == AbortReason::kClientGone) co_return sallyport::Fail(Errc::kClientGone);
  if (reason != AbortReason::kNone) co_return sallyport::Fail(Errc::kAborted);
  if (exchange.head_was_set()) exchange.Abort(AbortReason::kUpstreamCut);
  co_return std::unexpected(std::move(*error_));
}

}  // namespace sallyport::net
