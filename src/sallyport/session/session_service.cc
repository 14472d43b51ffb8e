// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/session_service.h"

#include <algorithm>
#include <stdexcept>

#include "sallyport/jose/base64url.h"
#include "sallyport/session/session_claims.h"
#include "sallyport/session/session_row.h"
#include "sallyport/session/session_service_state.h"
#include "sallyport/token/cookie_chunks.h"
#include "sallyport/token/session_token.h"

namespace sallyport::session {
namespace {

constexpr std::size_t kSessionIdBytes = 16;
constexpr std::size_t kMaxUserAgentBytes = 256;

template <class T>
T OrThrow(Result<T> made, const char* what) {
  if (!made) throw std::invalid_argument(std::string(what) + ": " + made.error().ToLogString());
  return *std::move(made);
}

token::NextAuthVersion VersionOf(NextAuthCompat compat) {
  return compat == NextAuthCompat::kV4 ? token::NextAuthVersion::kV4 : token::NextAuthVersion::kV5;
}

token::NextAuthCodec MakeCodec(const SessionOptions& options, const CookieNames& names, const crypto::DerivedKeys& keys,
                               const Clock& clock, Random& random) {
  const std::span<const Secret> shared = options.compat_secrets;
  return OrThrow(token::NextAuthCodec::Create(VersionOf(options.compat),
                                              shared.empty() ? keys.All(crypto::KeyPurpose::kCompat) : shared, names.session, clock,
                                              random),
                 "keys of the session cookie");
}

model::SessionId MintSessionId(Random& random) {
  std::array<std::uint8_t, kSessionIdBytes> bytes;
  random.Fill(bytes);
  return jose::EncodeBase64Url(crypto::AsView(bytes));
}

std::string AssociatedData(const model::SessionId& id) { return "session-tokens:" + id; }

}  // namespace

SessionService::State::State(const SessionOptions& o, CookieNames n, store::Store& st, async::WorkerSet& w, const crypto::DerivedKeys& keys,
                             const Clock& c, Random& r, TokenGuesses* g)
    : options(o),
      names(std::move(n)),
      store(st),
      workers(w),
      clock(c),
      random(r),
      codec(MakeCodec(options, names, keys, clock, random)),
      csrf(keys.All(crypto::KeyPurpose::kCsrfToken)),
      box(OrThrow(crypto::SealedBox::Create(keys.All(crypto::KeyPurpose::kStore), random), "keys of the store")),
      adoption(options, keys),
      guesses(g) {
  for (std::size_t i = 0; i < workers.size(); ++i) {
    by_worker.push_back(std::make_unique<SessionWorker>(options.cache_entries));
    by_worker.back()->SetRules(options);
  }
}

void SessionWorker::SetRules(const SessionRules& next) {
  rules = next;
  // Written often enough that other workers and a restart know most of a short idle time.
  touch_interval = std::min(rules.update_age, rules.idle_timeout / 4);
}

SessionService::SessionService(const SessionOptions& options, CookieNames names, store::Store& store, async::WorkerSet& workers,
                               const crypto::DerivedKeys& keys, const Clock& clock, Random& random, TokenGuesses* guesses)
    : state_(std::make_shared<State>(options, std::move(names), store, workers, keys, clock, random, guesses)) {}

SessionService::~SessionService() { Stop(); }

const CookieNames& SessionService::cookie_names() const { return state_->names; }
const SessionOptions& SessionService::options() const { return state_->options; }
void SessionService::SetRules(const SessionRules& rules) {
  state_->workers.OnAllBlocking([&](std::size_t worker) { state_->by_worker[worker]->SetRules(rules); });
}

void SessionService::ShareStore(bool shared) {
  if (state_->shared.exchange(shared) == shared) return;
  state_->workers.OnAllBlocking([&](std::size_t worker) { state_->by_worker[worker]->cache.ForgetAll(); });
}

SessionTotals SessionService::counts() const {
  SessionTotals totals{};
  for (const auto& worker : state_->by_worker) worker->counters.AddTo(totals);
  return totals;
}

SessionCache& SessionService::cache(std::size_t worker) { return state_->by_worker.at(worker)->cache; }

std::string SessionService::State::SealCookie(const SessionData& data, Timestamp now, Timestamp idle_end) const {
  return codec.Seal(ToCookieClaims(data, now, idle_end));
}

Task<BegunSession> SessionService::Begin(BeginSession request) {
  State& s = *state_;
  const Timestamp now = s.clock.Now();
  store::SessionWithUser row;
  model::SessionRecord& record = row.session;
  record.id = MintSessionId(s.random);
  record.user_id = request.user.id;
  record.method = std::move(request.method);
  record.amr = std::move(request.amr);
  record.auth_time = record.last_seen = now;
  record.absolute_end = now + s.here().rules.max_lifetime;
  record.idle_end = std::min(now + s.here().rules.idle_timeout, record.absolute_end);
  record.ip = std::move(request.client.ip);
  record.user_agent = request.client.user_agent.substr(0, kMaxUserAgentBytes);
  record.at_provider = std::move(request.at_provider);
  record.claims_json = json::serialize(request.claims);
  if (!request.tokens.empty()) record.sealed_tokens = SealTokens(record.id, request.tokens);
  row.user = std::move(request.user);

  BegunSession begun;
  begun.id = record.id;
  if (s.stateless()) {
    SALLYPORT_CO_TRY(SessionData data, ToSessionData(row));
    begun.cookie_value = s.SealCookie(data, now, record.idle_end);
    begun.cookie_expires = record.idle_end;
    if (begun.cookie_value.size() > token::kMaxCookieChunks * token::ChunkSize(VersionOf(s.options.compat))) {
      co_return Fail(Errc::kTooLarge, "the session's claims do not fit into its cookies");
    }
  } else {
    begun.cookie_value = token::MintSessionToken(s.random);
    begun.cookie_expires = record.absolute_end;
    record.token_hash = token::HashOf(begun.cookie_value);
    s.known.Add(*record.token_hash);
  }
  store::CompleteSignInCommand command;
  command.session = std::move(record);
  command.replaces = std::move(request.replaces);
  SALLYPORT_CO_TRY(auto replaced, co_await s.sessions().CompleteSignIn(std::move(command)));
  s.here().counters.Add(SessionCounter::kCreated);
  if (replaced) {
    std::vector<store::Revocation> ended{*std::move(replaced)};
    SALLYPORT_CO_CHECK(co_await s.ApplyOwn(std::move(ended)));
  }
  co_return begun;
}

Task<store::SessionWithUser> SessionService::State::FindAlive(model::SessionId id) {
  SALLYPORT_CO_TRY(auto row, co_await sessions().FindById(std::move(id)));
  if (!row || !IsAlive(*row, clock.Now())) co_return Fail(Errc::kEnded);
  co_return *std::move(row);
}

Task<BegunSession> SessionService::Renew(SessionRef session) {
  State& s = *state_;
  BegunSession renewed;
  renewed.id = session->data.id;
  if (session->ended) co_return Fail(Errc::kEnded);
  if (!s.stateless()) {
    renewed.cookie_expires = session->data.absolute_end;
    co_return renewed;
  }
  // Before the row is read: a change that the row does not show yet must be later than the cookie's time.
  const Timestamp now = s.clock.Now();
  SALLYPORT_CO_TRY(auto row, co_await s.FindAlive(renewed.id));
  const Timestamp idle_end = std::min(now + s.here().rules.idle_timeout, row.session.absolute_end);
  SALLYPORT_CO_TRY(SessionData data, ToSessionData(row));
  std::vector<store::SessionTouch> touches{{renewed.id, now, idle_end}};
  SALLYPORT_CO_CHECK(co_await s.sessions().Touch(std::move(touches)));
  if (session->ended) co_return Fail(Errc::kEnded);
  renewed.cookie_value = s.SealCookie(data, now, idle_end);
  renewed.cookie_expires = idle_end;
  if (renewed.cookie_value.size() > token::kMaxCookieChunks * token::ChunkSize(VersionOf(s.options.compat))) {
    co_return Fail(Errc::kTooLarge, "the session's claims do not fit into its cookies");
  }
  session->touched = now;
  co_return renewed;
}

std::string SessionService::SealTokens(const model::SessionId& id, const json::object& tokens) const {
  return jose::EncodeBase64Url(state_->box.Seal(json::serialize(tokens), AssociatedData(id)));
}

Result<json::object> SessionService::OpenTokens(const model::SessionId& id, std::string_view sealed) const {
  if (sealed.empty()) return json::object();
  SALLYPORT_TRY(const std::string box, jose::DecodeBase64Url(sealed));
  SALLYPORT_TRY(const std::string text, state_->box.Open(box, AssociatedData(id)));
  return ParseJsonObject(text);
}

Task<std::pair<json::object, std::int64_t>> SessionService::LoadTokens(model::SessionId id) {
  SALLYPORT_CO_TRY(auto row, co_await state_->FindAlive(id));
  SALLYPORT_CO_TRY(auto tokens, OpenTokens(id, row.session.sealed_tokens));
  co_return std::pair(std::move(tokens), row.session.version);
}

Task<void> SessionService::ReplaceTokens(model::SessionId id, std::int64_t expected_version, json::object tokens) {
  auto replaced = co_await state_->sessions().UpdateTokens(id, expected_version, SealTokens(id, tokens));
  if (!replaced && replaced.error().Is(store::Errc::kNotFound)) co_return Fail(Errc::kEnded);
  if (!replaced) co_return std::unexpected(std::move(replaced).error());
  co_return co_await state_->ForgetEverywhere(std::move(id));
}

Task<void> SessionService::State::Apply(std::vector<store::Revocation> ended) {
  if (ended.empty()) co_return Result<void>();
  auto shared = std::make_shared<const std::vector<store::Revocation>>(std::move(ended));
  std::function<void(std::size_t)> revoke = [self = shared_from_this(), shared](std::size_t worker) {
    for (const auto& r : *shared) self->by_worker[worker]->cache.Revoke(r.session_id, r.until);
  };
  co_return co_await workers.OnAll(std::move(revoke));
}

Task<void> SessionService::State::ApplyOwn(std::vector<store::Revocation> ended) {
  for (const auto& r : ended) here().counters.Add(EndedBy(r.reason));
  co_return co_await Apply(std::move(ended));
}

// With the tokens in the very transaction that ends the session, so that none which a refresh has stored before is missed.
Task<EndedSessions> SessionService::Ended(std::vector<store::Revocation> ended) {
  EndedSessions out;
  out.count = ended.size();
  for (store::Revocation& one : ended) {
    auto tokens = OpenTokens(one.session_id, std::exchange(one.sealed_tokens, {}));
    if (tokens && !tokens->empty()) out.tokens.push_back(*std::move(tokens));
  }
  SALLYPORT_CO_CHECK(co_await state_->ApplyOwn(std::move(ended)));
  co_return out;
}

Task<EndedSessions> SessionService::End(model::SessionId id, std::optional<model::UserId> owner, model::EndReason reason) {
  SALLYPORT_CO_TRY(auto revoked, co_await state_->sessions().Revoke(std::move(id), std::move(owner), reason));
  std::vector<store::Revocation> ended;
  if (revoked) ended.push_back(*std::move(revoked));
  co_return co_await Ended(std::move(ended));
}

Task<EndedSessions> SessionService::EndAllOfUser(model::UserId id, std::optional<model::SessionId> except, model::EndReason reason) {
  SALLYPORT_CO_TRY(auto ended, co_await state_->sessions().RevokeAllOfUser(std::move(id), std::move(except), reason));
  co_return co_await Ended(std::move(ended));
}

Task<void> SessionService::Announce(std::vector<store::Revocation> ended) { return state_->ApplyOwn(std::move(ended)); }

Task<std::vector<model::SessionRecord>> SessionService::ListForUser(model::UserId id) {
  return state_->sessions().ListForUser(std::move(id), state_->clock.Now());
}

}  // namespace sallyport::session
