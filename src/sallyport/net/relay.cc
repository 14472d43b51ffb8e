// SPDX-License-Identifier: Apache-2.0
// The usual request costs one write and one read on each side, and no coroutine below this one: head and buffered body
// go out together, and an answer that has arrived whole is sent on in one call. Everything else is in relay_body.cc and
// tunnel.cc. What does not wait is in relay_job.cc: a coroutine frame above 1 KiB would be allocated for every request.
#include "sallyport/net/relay.h"

#include "sallyport/net/relay_job.h"

namespace sallyport::net {

Task<RelayOutcome> Relay(Exchange& exchange, RelayPlan plan) {
  RelayJob job(exchange, plan);
  do {
    do {
      if (job.TakePooled()) continue;
      if (!job.failed()) co_await job.Connect();
      if (job.failed()) co_return co_await job.Fails();
    } while (!job.SendRequest());
    for (auto step = RelayJob::Step::kMore; step != RelayJob::Step::kDone;) {
      if (step == RelayJob::Step::kInterim) {
        co_await job.PassInterim();
      } else if (!job.NextRead()) {
        job.OnRead(co_await job.connection->socket.AwaitRead());
      }
      step = job.ParseHead();
    }
  } while (job.retry());
  if (job.failed()) co_return co_await job.Fails();
  if (job.outcome.status == 101) co_return co_await Tunnel(job);
  if (!job.AnswerAtOnce()) co_await RelayBody(job);
  if (job.failed()) co_return co_await job.Fails();
  job.PutBack();
  co_return job.outcome;
}

}  // namespace sallyport::net
