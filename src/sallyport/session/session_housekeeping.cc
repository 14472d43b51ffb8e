// SPDX-License-Identifier: Apache-2.0
// What happens to sessions without a request: ends, writing of use, revocations of others.
#include <algorithm>

#include "sallyport/async/spawn.h"
#include "sallyport/async/loop.h"
#include "sallyport/base/log.h"
#include "sallyport/session/session_row.h"
#include "sallyport/session/session_service_state.h"

namespace sallyport::session {
namespace {

constexpr Duration kTick = std::chrono::seconds(1);
// What another process ended (on this store during an upgrade, or by the command line) is dead here within a second (S5).
constexpr Duration kRevocationPoll{250};

void LogTrouble(std::string_view what, const Error& error) { log::Warn(what, {{"error", error.ToLogString()}}); }

// A template because State is nobody else's business.
template <class StatePtr>
Coroutine<void> KeepHouse(StatePtr state) {
  for (;;) {
    co_await async::Sleep(kTick);
    if (state->stopping) co_return;
    auto done = co_await state->Tick();
    if (!done) LogTrouble("housekeeping of sessions", done.error());
  }
}

// Apart from the rest of the house, which may wait for a busy writer.
template <class StatePtr>
Coroutine<void> WatchRevocations(StatePtr state) {
  for (;;) {
    co_await async::Sleep(kRevocationPoll);
    if (state->stopping) co_return;
    auto done = co_await state->FollowOthers();
    if (!done) LogTrouble("revocations could not be read", done.error());
  }
}

}  // namespace

Task<void> SessionService::Start() {
  SALLYPORT_CO_CHECK(co_await state_->LoadRevocations());
  for (std::size_t i = 0; i < state_->workers.size(); ++i) {
    async::Spawn(state_->workers.executor(i), KeepHouse(state_), "housekeeping of sessions");
  }
  async::Spawn(state_->workers.executor(0), WatchRevocations(state_), "revocations of other processes");
  co_return Result<void>();
}

void SessionService::Stop() { state_->stopping = true; }

Task<void> SessionService::Tick() { return state_->Tick(); }

// Also what this process was not told: by other nodes, by the command line on the same store, and by a caller that was gone
// between the commit and telling the workers.
Task<void> SessionService::State::LoadRevocations() {
  SALLYPORT_CO_TRY(auto all, co_await sessions().RevocationsSince(last_revocation, clock.Now()));
  if (all.empty()) co_return Result<void>();
  const std::int64_t newest = all.back().sequence;
  if (async::WorkerSet::Current() == 0) {
    std::erase_if(all, [this](const store::Revocation& r) { return here().cache.IsRevoked(r.session_id); });
  }
  SALLYPORT_CO_CHECK(co_await Apply(std::move(all)));
  last_revocation = std::max(last_revocation, newest);
  co_return Result<void>();
}

Task<void> SessionService::State::FollowOthers() {
  SALLYPORT_CO_CHECK(co_await LoadRevocations());
  if (!shared) co_return Result<void>();
  std::function<void(std::size_t)> forget = [self = shared_from_this()](std::size_t worker) { self->by_worker[worker]->cache.ForgetAll(); };
  co_return co_await workers.OnAll(std::move(forget));
}

Task<void> SessionService::State::Tick() {
  SessionWorker& worker = here();
  SessionCache::Due due;
  const Timestamp now = clock.Now();
  worker.cache.Sweep(now, due);
  worker.changed.Sweep(now);
  for (const SessionRef& session : due.unwritten) QueueTouch(worker, *session, now);
  SALLYPORT_CO_CHECK(co_await WriteTouches());
  for (SessionRef& session : due.idle) {
    SALLYPORT_CO_CHECK(co_await AskAboutIdle(std::move(session)));
  }
  if (async::WorkerSet::Current() != 0) co_return Result<void>();
  co_return co_await LoadRevocations();
}

Task<void> SessionService::State::WriteTouches() {
  SessionWorker& worker = here();
  if (worker.touches.empty() || !worker.writing.empty()) co_return Result<void>();
  std::swap(worker.touches, worker.writing);
  std::vector<store::SessionTouch> touches;
  touches.reserve(worker.writing.size());
  for (const SessionRef& s : worker.writing) touches.push_back({s->data.id, s->last_seen, s->idle_end});
  const auto written = co_await sessions().Touch(std::move(touches));
  if (!written) {
    // Not fatal: the next use, or the sweep before the idle end, tries again.
    LogTrouble("last use of sessions was not written", written.error());
    for (const SessionRef& s : worker.writing) s->touched = s->written_idle_end = Timestamp();
  }
  worker.writing.clear();
  co_return Result<void>();
}

// Another worker may have seen it used. Fail closed: when the store cannot say so, the exchanges are cut.
Task<void> SessionService::State::AskAboutIdle(SessionRef session) {
  const auto row = co_await sessions().FindById(session->data.id);
  if (row && *row && IsAlive(**row, clock.Now())) {
    session->idle_end = session->written_idle_end = std::max(session->idle_end, (*row)->session.idle_end);
  } else {
    here().cache.End(session->data.id);
  }
  co_return Result<void>();
}

}  // namespace sallyport::session
