// SPDX-License-Identifier: Apache-2.0
// Changes of living sessions: what every worker must know when one returns.
#include <algorithm>

#include "sallyport/session/session_claims.h"
#include "sallyport/session/session_row.h"
#include "sallyport/session/session_service_state.h"

namespace sallyport::session {
namespace {

constexpr int kMaxTries = 8;
// Sessions of one user that a change is applied to; exchanges of further ones count as not permitted.
constexpr std::size_t kMaxSessions = 10'000;

}  // namespace

Task<void> SessionService::UpdateClaims(SessionRef session, json::object changes) {
  State& s = *state_;
  const auto allowed = s.here().rules.update_claims;
  for (const auto& change : changes) {
    const std::string_view name = change.key();
    if (IsReservedClaim(name) || std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
      co_return Fail(Errc::kClaimNotAllowed, "a claim that session.update_claims does not list");
    }
  }
  const model::SessionId id = session->data.id;
  for (int i = 0; i < kMaxTries; ++i) {
    SALLYPORT_CO_TRY(auto row, co_await s.FindAlive(id));
    SALLYPORT_CO_TRY(SessionData data, ToSessionData(row));
    for (const auto& [name, value] : changes) {
      if (value.is_null()) data.claims.erase(name);
      else data.claims[name] = value;
    }
    std::string text = json::serialize(data.claims);
    if (text.size() > kMaxClaimsBytes) co_return Fail(Errc::kClaimNotAllowed, "the claims are too large");
    const auto updated = co_await s.sessions().UpdateClaims(id, row.session.version, std::move(text));
    if (updated) co_return co_await s.SessionChanged(id);
    if (updated.error().Is(store::Errc::kNotFound)) co_return Fail(Errc::kEnded);
    if (!updated.error().Is(store::Errc::kConflict)) co_return std::unexpected(updated.error());
  }
  co_return Fail(store::Errc::kConflict, "the session's claims are being changed by others all the time");
}

Task<void> SessionService::ProfileChanged(model::UserId id) { return state_->UserChanged(std::move(id)); }

// The number is taken before the store is asked: a reading with a larger one shows every change that this one shows.
Task<void> SessionService::State::UserChanged(model::UserId id) {
  if (id.empty()) co_return Result<void>();  // an adopted session without a user; the store would list everybody's
  const std::uint64_t reading = ++readings;
  const Timestamp now = clock.Now();
  auto rows = co_await sessions().List(id, kMaxSessions, now);
  auto living = std::make_shared<SessionCache::SessionsNow>();
  if (rows) {
    for (const auto& row : *rows) {
      if (!IsAlive(row, now)) continue;
      if (auto data = ToSessionData(row)) living->emplace(row.session.id, std::make_shared<const SessionData>(*std::move(data)));
    }
  }
  std::function<void(std::size_t)> apply = [self = shared_from_this(), id, living, reading, now](std::size_t index) {
    SessionWorker& worker = *self->by_worker[index];
    if (self->stateless()) {
      for (const auto& [session_id, data] : *living) worker.changed.Add(session_id, now, data->absolute_end);
    }
    worker.cache.SupersedeUser(id, reading, *living);
  };
  SALLYPORT_CO_CHECK(co_await workers.OnAll(std::move(apply)));
  if (!rows) co_return std::unexpected(std::move(rows).error());
  co_return Result<void>();
}

Task<void> SessionService::State::SessionChanged(model::SessionId id) {
  const std::uint64_t reading = ++readings;
  const Timestamp now = clock.Now();
  auto row = co_await FindAlive(id);
  SessionNow changed{reading, nullptr};
  if (row) {
    if (auto data = ToSessionData(*row)) changed.data = std::make_shared<const SessionData>(*std::move(data));
  }
  std::function<void(std::size_t)> apply = [self = shared_from_this(), id, changed, now](std::size_t index) {
    SessionWorker& worker = *self->by_worker[index];
    if (self->stateless() && changed.data) worker.changed.Add(id, now, changed.data->absolute_end);
    worker.cache.Supersede(id, changed);
  };
  SALLYPORT_CO_CHECK(co_await workers.OnAll(std::move(apply)));
  if (!row && !row.error().Is(Errc::kEnded)) co_return std::unexpected(std::move(row).error());
  co_return Result<void>();
}

Task<void> SessionService::State::ForgetEverywhere(model::SessionId id) {
  std::function<void(std::size_t)> forget = [self = shared_from_this(), id = std::move(id)](std::size_t worker) {
    self->by_worker[worker]->cache.Forget(id);
  };
  co_return co_await workers.OnAll(std::move(forget));
}

}  // namespace sallyport::session
