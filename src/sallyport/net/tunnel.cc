// SPDX-License-Identifier: Apache-2.0
// Bytes both ways after a 101, until either side ends it.
#include "sallyport/async/loop.h"
#include "sallyport/async/spawn.h"
#include "sallyport/net/leased_buffer.h"
#include "sallyport/net/relay_job.h"

namespace sallyport::net {
namespace {

constexpr Duration kFarewell{5'000};  // for one side to close after the other has

struct Idle {
  Duration limit{0};
  bool leaving = false;

  void Touch(UpstreamConnection& connection) const {
    if (leaving) return;
    if (limit.count() > 0) connection.deadline.Arm(limit);
  }
};

Coroutine<void> ToUpstream(ByteStream& client, UpstreamConnection& upstream, Idle& idle, async::Promise<void> done) {
  for (;;) {
    const auto bytes = co_await client.ReadSome();
    if (!bytes || bytes->empty()) break;
    idle.Touch(upstream);
    if (co_await upstream.socket.WriteAll(*bytes) < 0) break;
  }
  idle.leaving = true;
  upstream.socket.ShutdownWrite();
  upstream.deadline.Arm(kFarewell);
  done.Set({});
}

Coroutine<void> ToClient(ByteStream& client, UpstreamConnection& upstream, Idle& idle, BodyWatch* watch) {
  LeasedBuffer buffer;
  std::string_view bytes = upstream.in.view();
  for (;;) {
    if (watch != nullptr && !bytes.empty() && !watch->Passes(bytes)) co_return;
    if (!bytes.empty() && !co_await client.Write(bytes)) co_return;
    upstream.in.Consume(upstream.in.size());
    if (!buffer) buffer = LeasedBuffer(false);
    upstream.socket.StartRead(buffer.span());
    auto got = upstream.socket.TakeRead();
    if (!got) got = co_await upstream.socket.AwaitRead();
    if (*got <= 0) co_return;
    idle.Touch(upstream);
    bytes = {buffer.span().data(), static_cast<std::size_t>(*got)};
  }
}

}  // namespace

Task<RelayOutcome> Tunnel(RelayJob& job) {
  auto& upstream = *job.connection;
  http::HeadEdits edits;
  http::MarkHopByHop(upstream.head.fields, edits.drop);
  if (job.plan.editor != nullptr) job.plan.editor->Edit(upstream.head, edits);
  auto upgraded = co_await job.exchange.Upgrade(upstream.head, edits);
  if (!upgraded) {
    job.Fail(std::move(upgraded).error());
    co_return co_await job.Fails();
  }
  upstream.in.Consume(job.head_size);
  job.outcome.upgraded = true;

  ByteStream& client = **upgraded;
  Idle idle{job.plan.tunnel_idle};
  idle.Touch(upstream);
  auto [promise, future] = async::MakeCompletion<void>(job.pool.executor);
  async::Spawn(job.pool.executor, ToUpstream(client, upstream, idle, std::move(promise)), "tunnel");
  co_await ToClient(client, upstream, idle, job.plan.watch);
  // Everything that the upstream sent has been taken by the client; closing ends the other direction too.
  upstream.socket.Close();
  client.ShutdownWrite();
  const bool cut = job.exchange.abort_reason() != AbortReason::kNone;
  async::Deadline farewell;
  farewell.Register(async::Loop::Current()->wheel(), [&job] { job.exchange.Abort(AbortReason::kUpstreamCut); });
  farewell.Arm(kFarewell);
  (void)co_await std::move(future).Wait();
  job.connection.reset();
  if (cut) co_return sallyport::Fail(Errc::kAborted);
  co_return job.outcome;
}

}  // namespace sallyport::net
