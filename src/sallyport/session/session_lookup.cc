// SPDX-License-Identifier: Apache-2.0
// From the cookies of a request to its session.
#include <algorithm>
#include <functional>

#include "sallyport/async/spawn.h"
#include "sallyport/http/cookie.h"
#include "sallyport/session/session_claims.h"
#include "sallyport/session/session_row.h"
#include "sallyport/session/session_service_state.h"
#include "sallyport/token/cookie_chunks.h"
#include "sallyport/token/session_token.h"

namespace sallyport::session {
namespace {

constexpr int kMaxLoads = 8;

// Finds the one distinct value of the session cookie, if the request is as simple as that: no chunks, no second value, and in
// the first Cookie field.
void ReadKey(const http::HeaderTable& head, const CookieNames& names, CookieKey& key) {
  key.state = CookieKey::kNone;
  std::string_view value;
  http::ForEachCookie(head, [&](const http::Cookie& cookie) {
    if (!cookie.name.starts_with(names.session)) return;
    if (cookie.name.size() == names.session.size()) {
      const bool same = key.state == CookieKey::kNone || (key.state == CookieKey::kOne && cookie.value == value);
      key.state = same ? CookieKey::kOne : CookieKey::kSeveral;
      value = cookie.value;
    } else if (names.IsSession(cookie.name)) {
      key.state = CookieKey::kSeveral;
    }
  });
  if (key.state != CookieKey::kOne) return;
  const std::string_view first = head.Get(http::HeaderId::kCookie);
  const std::less_equal<const char*> before;
  if (!before(first.data(), value.data()) || !before(value.data() + value.size(), first.data() + first.size())) {
    key.state = CookieKey::kSeveral;
    return;
  }
  key.at = static_cast<std::size_t>(value.data() - first.data());
  key.size = value.size();
  key.hash = token::HashOf(value);
}

std::vector<token::CookiePair> CollectPairs(const http::HeaderTable& head, const CookieNames& names) {
  std::vector<token::CookiePair> pairs;
  http::ForEachCookie(head, [&](const http::Cookie& cookie) {
    if (names.IsSession(cookie.name)) pairs.emplace_back(cookie.name, cookie.value);
  });
  return pairs;
}

void CountLookup(SessionWorker& worker, SessionCache::Outcome outcome) {
  worker.counters.Add(outcome == SessionCache::Outcome::kHit    ? SessionCounter::kCacheHit
                      : outcome == SessionCache::Outcome::kMiss ? SessionCounter::kCacheMiss
                                                                : SessionCounter::kCacheUnknown);
}

bool LooksLikeJwe(std::string_view value) { return std::count(value.begin(), value.end(), '.') == 4; }

// Ends a load for those who wait, also when its coroutine is destroyed (then they get async::Errc::kStopped).
class LoadGuard {
 public:
  LoadGuard(std::shared_ptr<void> keep_alive, SessionWorker& worker, const model::TokenHash& hash)
      : keep_alive_(std::move(keep_alive)), worker_(worker), hash_(hash) {
    worker_.loads.try_emplace(hash_);
  }
  LoadGuard(const LoadGuard&) = delete;
  LoadGuard& operator=(const LoadGuard&) = delete;
  ~LoadGuard() { worker_.loads.erase(hash_); }
  void Share(const Result<SessionRef>& result) {
    const auto it = worker_.loads.find(hash_);
    for (const auto& waiter : it->second) waiter.Set(result);
  }

 private:
  std::shared_ptr<void> keep_alive_;
  SessionWorker& worker_;
  model::TokenHash hash_;
};

}  // namespace

bool SessionService::TryResolve(const http::HeaderTable& head, bool slide, CookieKey& key, Resolution& out) {
  State& s = *state_;
  if (key.state == CookieKey::kUnread) ReadKey(head, s.names, key);
  if (key.state == CookieKey::kSeveral) return false;
  if (key.state == CookieKey::kNone) {
    out = Resolution{};
    return true;
  }
  SessionWorker& worker = s.here();
  const Timestamp now = s.clock.Now();
  const auto found = worker.cache.Find(key.hash, now);
  if (found.outcome == SessionCache::Outcome::kMiss) return false;  // Open() looks again, and counts it
  CountLookup(worker, found.outcome);
  out = Resolution{};
  if (found.outcome == SessionCache::Outcome::kHit) {
    s.Use(worker, *found.session, slide, now, out);
    out.cookie = head.Get(http::HeaderId::kCookie).substr(key.at, key.size);
  } else {
    out.state = CookieState::kInvalid;
  }
  return true;
}

Task<Resolution> SessionService::Resolve(const http::HeaderTable& head, bool slide, http::IpAddress client) {
  Resolution out;
  if (TryResolve(head, slide, out)) co_return out;
  State& s = *state_;
  const auto pairs = CollectPairs(head, s.names);
  std::vector<std::string> values = token::JoinCookie(pairs, s.names.session);
  if (values.size() > token::kMaxCookieCandidates) {
    // Somebody has planted so many that the person's own may be among those that are not looked at.
    out.state = CookieState::kAmbiguous;
    co_return out;
  }
  SessionRef session;
  std::size_t opened = 0;
  for (std::string& value : values) {
    SALLYPORT_CO_TRY(SessionRef found, co_await s.Open(std::move(value), client));
    // It may have ended while another value was being looked at, or between a shared load and now.
    if (!found || found->ended) continue;
    ++opened;
    session = std::move(found);
  }
  if (opened > 1) {
    out.state = CookieState::kAmbiguous;
  } else if (opened == 0 || session->ended) {
    out.state = pairs.empty() ? CookieState::kNone : CookieState::kInvalid;
  } else {
    s.Use(s.here(), *session, slide, s.clock.Now(), out);
  }
  co_return out;
}

std::vector<std::string> SessionService::PresentCookieNames(const http::HeaderTable& head) const {
  return token::ChunkNamesSeen(CollectPairs(head, state_->names), state_->names.session);
}

void SessionService::State::Use(SessionWorker& worker, Session& session, bool slide, Timestamp now, Resolution& out) const {
  out.session = SessionRef(&session);
  out.state = CookieState::kValid;
  if (!slide) return;
  session.last_seen = now;
  const bool due = now - session.touched >= worker.touch_interval;
  if (stateless()) {
    // The cookie carries the idle end: only a new cookie moves it.
    out.renew_cookie = due;
    return;
  }
  session.idle_end = std::max(session.idle_end, std::min(now + worker.rules.idle_timeout, session.data.absolute_end));
  if (due) QueueTouch(worker, session, now);
}

void SessionService::State::QueueTouch(SessionWorker& worker, Session& session, Timestamp now) const {
  session.touched = now;
  session.written_idle_end = session.idle_end;
  worker.touches.push_back(SessionRef(&session));
}

Task<SessionRef> SessionService::State::Open(std::string value, http::IpAddress client) {
  SessionWorker& worker = here();
  const model::TokenHash hash = token::HashOf(value);
  const auto found = worker.cache.Find(hash, clock.Now());
  CountLookup(worker, found.outcome);
  if (found.outcome == SessionCache::Outcome::kHit) co_return SessionRef(found.session);
  if (found.outcome == SessionCache::Outcome::kKnownUnknown) co_return SessionRef();
  if (stateless()) {
    const auto claims = codec.Open(value);
    if (!claims) co_return SessionRef();
    if (claims->contains("sid")) {
      auto cookie = FromCookieClaims(*claims);
      if (!cookie || cookie->idle_end <= clock.Now() || worker.cache.IsRevoked(cookie->data.id)) co_return SessionRef();
      if (!worker.changed.IsOutdated(cookie->data.id, cookie->issued_at)) {
        co_return OpenStateless(worker, hash, *std::move(cookie));
      }
    } else if (!adoption.IsOpen(clock.Now())) {
      co_return SessionRef();
    }
  } else if (!token::HashIfWellFormed(value) && !(adoption.IsOpen(clock.Now()) && LooksLikeJwe(value))) {
    co_return SessionRef();
  }
  co_return co_await LoadOnce(hash, std::move(value), client);
}

SessionRef SessionService::State::OpenStateless(SessionWorker& worker, const model::TokenHash& hash, CookieSession cookie) {
  const model::SessionId id = cookie.data.id;
  cookie.data.csrf_token = csrf.TokenFor(id);
  SessionRef session(new Session(std::move(cookie.data)));
  session->idle_end = session->written_idle_end = cookie.idle_end;
  session->last_seen = session->touched = cookie.issued_at;
  if (!worker.cache.Insert(hash, std::move(session), worker.cache.sequence(), cookie.idle_end)) return SessionRef();
  return SessionRef(worker.cache.FindById(id));
}

Task<SessionRef> SessionService::State::LoadOnce(model::TokenHash hash, std::string value, http::IpAddress client) {
  SessionWorker& worker = here();
  if (const auto it = worker.loads.find(hash); it != worker.loads.end()) {
    auto [promise, future] = async::MakeCompletion<SessionRef>(co_await async::CurrentExecutor());
    worker.loads.at(hash).push_back(promise);
    { const auto dropped = std::move(promise); }  // the list's copy alone counts
    co_return co_await std::move(future).Wait();
  }
  // A JWE that opened is no guess.
  const bool counts = guesses && !stateless() && !known.Contains(hash);
  if (counts && !guesses->Admit(client)) co_return Fail(Errc::kTooManyGuesses);
  LoadGuard guard(shared_from_this(), worker, hash);
  Result<SessionRef> result = co_await Load(hash, std::move(value));
  if (result && *result && !stateless()) known.Add(hash);
  if (counts && (!result || *result)) guesses->Withdraw(client);
  guard.Share(result);
  co_return result;
}

Task<SessionRef> SessionService::State::Load(model::TokenHash hash, std::string value) {
  SessionWorker& worker = here();
  for (int i = 0; i < kMaxLoads; ++i) {
    const std::uint64_t sequence = worker.cache.sequence();
    SALLYPORT_CO_TRY(const FoundRow found, co_await FindRow(hash, value));
    const auto& row = found.row;
    const Timestamp now = clock.Now();
    if (!row || !IsAlive(*row, now) || worker.cache.IsRevoked(row->session.id)) {
      worker.cache.InsertUnknown(hash, now, sequence);
      co_return SessionRef();
    }
    SALLYPORT_CO_TRY(SessionRef session, MakeSession(*row));
    // A foreign or outdated cookie is to be replaced with the first answer.
    if (stateless()) session->touched = Timestamp();
    if (worker.cache.Insert(hash, std::move(session), sequence, found.key_end)) {
      co_return SessionRef(worker.cache.FindById(row->session.id));
    }
  }
  // So many sessions end just now that no load stays valid: better no answer than an old one.
  co_return Fail(store::Errc::kBusy, "a session could not be read between revocations");
}

Task<SessionService::State::FoundRow> SessionService::State::FindRow(model::TokenHash hash, std::string value) {
  FoundRow found;
  if (!stateless()) {
    SALLYPORT_CO_TRY(found.row, co_await sessions().FindByTokenHash(hash));
    if (found.row || !adoption.IsOpen(clock.Now())) co_return found;
  }
  auto claims = codec.Open(value);
  if (!claims) co_return found;
  if (stateless()) {
    found.key_end = GetTime(*claims, "exp").value_or(Timestamp());
    if (const auto ours = GetString(*claims, "sid")) {
      model::SessionId id(*ours);
      SALLYPORT_CO_TRY(found.row, co_await sessions().FindById(std::move(id)));
      co_return found;
    }
  }
  if (adoption.IsOpen(clock.Now())) {
    const std::optional<model::TokenHash> row_hash = stateless() ? std::nullopt : std::optional(hash);
    SALLYPORT_CO_TRY(found.row, co_await Adopt(*std::move(claims), row_hash));
  }
  co_return found;
}

Task<std::optional<store::SessionWithUser>> SessionService::State::Adopt(json::object claims, std::optional<model::TokenHash> token_hash) {
  std::optional<store::SessionWithUser> none;
  const auto ids = adoption.IdsOf(claims);
  if (ids.empty()) co_return none;
  for (const auto& id : ids) {
    if (here().cache.IsRevoked(id)) co_return none;
  }
  const model::SessionId id = ids.front();
  SALLYPORT_CO_TRY(auto known, co_await sessions().FindById(id));
  if (known) co_return known;
  auto record = adoption.RecordFor(claims, id, clock.Now(), here().rules);
  if (!record) co_return none;
  store::CompleteSignInCommand command;
  command.session = *std::move(record);
  command.session.token_hash = token_hash;
  auto made = co_await sessions().CompleteSignIn(std::move(command));
  // kConflict: another worker or node was first, or the id is in the revocation log. kNotFound: the user is disabled.
  if (!made && !made.error().Is(store::Errc::kConflict) && !made.error().Is(store::Errc::kNotFound)) {
    co_return std::unexpected(std::move(made).error());
  }
  co_return co_await sessions().FindById(id);
}

Result<SessionRef> SessionService::State::MakeSession(const store::SessionWithUser& row) const {
  SALLYPORT_TRY(SessionData data, ToSessionData(row));
  data.csrf_token = csrf.TokenFor(data.id);
  if (stateless()) data.sealed_tokens.clear();
  SessionRef session(new Session(std::move(data)));
  session->idle_end = session->written_idle_end = std::min(row.session.idle_end, row.session.absolute_end);
  session->last_seen = session->touched = row.session.last_seen;
  return session;
}

}  // namespace sallyport::session
