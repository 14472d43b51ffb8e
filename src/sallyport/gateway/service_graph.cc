// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/service_graph.h"

#include <future>
#include <mutex>

#include "sallyport/async/spawn.h"
#include "sallyport/async/loop.h"
#include "sallyport/base/log.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/crypto/system_random.h"
#include "sallyport/gateway/access_keys.h"
#include "sallyport/gateway/guess_limit.h"
#include "sallyport/gateway/service_snapshot.h"
#include "sallyport/identity/password_hasher.h"
#include "sallyport/identity/throttle.h"
#include "sallyport/net/http_client.h"
#include "sallyport/net/smtp_client.h"
#include "sallyport/session/session_service.h"
#include "sallyport/signin/mail_sender.h"
#include "sallyport/signin/oauth/oauth_method.h"
#include "sallyport/store/prune.h"
#include "sallyport/store/store.h"

namespace sallyport::gateway {
namespace {

identity::ThrottleLimits LimitsOf(const signin::ThrottleOptions& o) {
  identity::ThrottleLimits limits;
  limits.tries_per_address = {o.attempts_per_address_per_minute, std::chrono::minutes(1)};
  limits.tries_per_account = {o.attempts_per_account_per_hour, std::chrono::hours(1)};
  limits.mails_per_address = {o.mails_per_address_per_hour, std::chrono::hours(1)};
  limits.mails_per_account = {o.mails_per_account_per_hour, std::chrono::hours(1)};
  limits.lockout = {o.failures_before_delay, o.lockout, o.max_lockout};
  return limits;
}

signin::MailBranding BrandingOf(const config::Config& config) { return {config.gateway.pages.name, config.gateway.pages.color}; }

constexpr Duration kKeyRefresh = std::chrono::seconds(5);
constexpr Duration kPruning = std::chrono::minutes(1);
constexpr Duration kProviderRefresh = std::chrono::minutes(5);

// Runs `step` on this worker, once and then every `interval`, until stopped. What fails is logged and tried again.
Coroutine<void> Repeat(std::function<Task<void>()> step, Duration interval, const char* trouble,
                                    std::shared_ptr<bool> stopped) {
  while (!*stopped) {
    if (auto done = co_await step(); !done && !*stopped) log::Warn(trouble, {{"error", done.error().ToLogString()}});
    co_await async::Sleep(interval);
  }
}

// Also of a snapshot that a reload replaces meanwhile.
Task<void> KeepMetadata(std::shared_ptr<ServiceSnapshot> snapshot) {
  signin::OAuthMethod* oauth = snapshot->services().oauth;
  if (oauth) SALLYPORT_CO_CHECK(co_await oauth->KeepMetadata());
  co_return Result<void>{};
}

Coroutine<void> KeepMetadataOnce(std::shared_ptr<ServiceSnapshot> snapshot) { (void)co_await KeepMetadata(std::move(snapshot)); }

std::unique_ptr<net::SmtpClient> MakeSmtp(const signin::EmailOptions& options, const net::OutboundOptions& outbound,
                                          const Executor& executor) {
  if (!options.enabled || options.keep_in_mailbox) return nullptr;
  net::SmtpOptions smtp;
  smtp.url = options.smtp_url;
  smtp.user = options.smtp_user;
  smtp.password = options.smtp_password.Clone();
  smtp.ca_file = outbound.ca_file;
  return net::MakeSmtpClient(smtp, executor);
}

}  // namespace

// Members are in the order of construction; destruction runs the other way, after Stop().
struct ServiceGraph::State {
  const std::shared_ptr<const config::Config> first_config;   // what lasts refers to its parts
  SystemClock clock;
  crypto::SystemRandom random;
  crypto::DerivedKeys keys;
  async::WorkerSet workers;
  std::unique_ptr<store::StoreLock> lock;
  EventCounts events;
  std::unique_ptr<store::Store> store;
  GuessLimit guesses;
  session::SessionService sessions;
  AccessKeys access_keys;
  identity::PasswordHasher hasher;
  identity::Throttle throttle;
  std::unique_ptr<net::HttpClient> http;
  std::unique_ptr<net::SmtpClient> smtp;
  signin::MailSender mail;
  std::unique_ptr<signin::SessionAccess> session_access;
  signin::RefreshCounters refreshes;
  signin::RefreshCounters provider_refreshes;
  const ServiceFoundation foundation;
  std::mutex snapshot_mutex;
  std::shared_ptr<ServiceSnapshot> snapshot;
  std::shared_ptr<bool> stopped = std::make_shared<bool>(false);   // worker 0's
  bool stop_called = false;

  State(std::shared_ptr<const config::Config> config, crypto::DerivedKeys derived, std::size_t worker_count,
        std::unique_ptr<store::StoreLock> held, std::unique_ptr<store::Store> opened)
      : first_config(config),
        keys(std::move(derived)),
        workers(worker_count),
        lock(std::move(held)),
        store(CountEvents(std::move(opened), events)),
        guesses(config->signin.throttle.unknown_sessions_per_address_per_minute, clock, random),
        sessions(config->session, session::CookieNames::For(config->session.compat, config->gateway.public_url.secure()),
                 *store, workers, keys, clock, random, &guesses),
        access_keys(store->keys(), keys, clock, random),
        hasher({}, random),
        throttle(LimitsOf(config->signin.throttle), clock, random),
        http(net::MakeHttpClientForWorkers(workers, config->outbound)),
        smtp(MakeSmtp(config->signin.email, config->outbound, workers.executor(0))),
        mail(config->signin.email, BrandingOf(*config), config->gateway.public_url,
             *store, keys, clock, random, smtp.get(), workers.executor(0)),
        session_access(signin::MakeSessionAccess(sessions)),
        foundation{clock, random,   workers, keys, *store, sessions, access_keys,
                   hasher, throttle, mail,    *http, *session_access, refreshes, provider_refreshes} {}

  std::shared_ptr<ServiceSnapshot> Snapshot() {
    const std::lock_guard lock(snapshot_mutex);
    return snapshot;
  }
};

ServiceGraph::ServiceGraph(std::unique_ptr<State> state) : state_(std::move(state)) {}
ServiceGraph::~ServiceGraph() { Stop(); }
std::shared_ptr<ServiceSnapshot> ServiceGraph::snapshot() const { return state_->Snapshot(); }
net::HttpClient& ServiceGraph::http() { return *state_->http; }
const store::StoreLock& ServiceGraph::store_lock() const { return *state_->lock; }
async::WorkerSet& ServiceGraph::workers() { return state_->workers; }
const Clock& ServiceGraph::clock() const { return state_->clock; }
const signin::RefreshCounters& ServiceGraph::refreshes() const { return state_->refreshes; }
const signin::RefreshCounters& ServiceGraph::provider_refreshes() const { return state_->provider_refreshes; }
const EventCounts& ServiceGraph::event_counts() const { return state_->events; }

Result<std::unique_ptr<ServiceGraph>> ServiceGraph::Create(std::shared_ptr<const config::Config> config, std::size_t workers,
                                                           std::unique_ptr<store::StoreLock> lock) {
  SALLYPORT_TRY(crypto::DerivedKeys keys, crypto::DerivedKeys::Derive(config->secrets));
  if (!lock) {
    SALLYPORT_TRY(lock, store::TryLockSqliteStore(config->sqlite_path));
  }
  if (!lock)
    return Fail(store::Errc::kUnavailable, "another sallyport is running on '" + config->sqlite_path +
                                               "'; stop it first, or give this one a store of its own");
  SALLYPORT_TRY(auto store, store::OpenSqliteStore({.path = config->sqlite_path}));
  auto graph = std::unique_ptr<ServiceGraph>(new ServiceGraph(
      std::make_unique<State>(config, std::move(keys), workers, std::move(lock), std::move(store))));
  State& state = *graph->state_;
  SALLYPORT_TRY(state.snapshot, ServiceSnapshot::Create(std::move(config), state.foundation, nullptr));
  state.workers.Start();

  Result<void> loaded;
  graph->RunOnWorker([&]() -> Coroutine<void> { loaded = co_await state.access_keys.Load(); });
  if (!loaded) return std::unexpected(std::move(loaded).error());
  return graph;
}

Result<std::shared_ptr<ServiceSnapshot>> ServiceGraph::MakeSnapshot(std::shared_ptr<const config::Config> config) const {
  return ServiceSnapshot::Create(std::move(config), state_->foundation, snapshot().get());
}

void ServiceGraph::Use(std::shared_ptr<ServiceSnapshot> next) {
  State& state = *state_;
  const config::Config& config = *next->config();
  state.sessions.SetRules(config.session);
  state.throttle.SetLimits(LimitsOf(config.signin.throttle));
  state.guesses.SetPerMinute(config.signin.throttle.unknown_sessions_per_address_per_minute);
  state.mail.SetWords(config.signin.email, BrandingOf(config));
  async::Spawn(state.workers.executor(0), KeepMetadataOnce(next), "identity providers after a reload");
  const std::lock_guard lock(state.snapshot_mutex);
  state.snapshot = std::move(next);
}

Result<void> ServiceGraph::StartHousekeeping() {
  State& state = *state_;
  Result<void> started;
  RunOnWorker([&]() -> Coroutine<void> { started = co_await state.sessions.Start(); });
  if (!started) return started;
  state.mail.Start();
  async::Spawn(state.workers.executor(0),
               Repeat([&state] { return state.access_keys.Refresh(); }, kKeyRefresh, "the signing keys could not be read again",
                      state.stopped),
               "key refresh");
  async::Spawn(state.workers.executor(0),
               Repeat([&state] { 
                        return store::Prune(*state.store, state.Snapshot()->config()->retention, state.clock.Now());
                      }, kPruning,
                      "old rows could not be deleted", state.stopped),
               "pruning");
  async::Spawn(state.workers.executor(0),
               Repeat([&state] { return KeepMetadata(state.Snapshot()); }, kProviderRefresh, "the identity providers could not be asked", state.stopped),
               "identity providers");
  return {};
}

void ServiceGraph::RunOnWorker(std::function<Coroutine<void>()> work) {
  std::promise<void> done;
  async::Spawn(state_->workers.executor(0),
               [](std::function<Coroutine<void>()> body, std::promise<void>& signal) -> Coroutine<void> {
                 try {
                   co_await body();
                 } catch (const std::exception& e) {
                   log::Error("work on a worker threw", {{"what", e.what()}});
                 }
                 signal.set_value();
               }(std::move(work), done),
               "blocking call");
  done.get_future().wait();
}

void ServiceGraph::Stop() {
  if (std::exchange(state_->stop_called, true)) return;
  State& state = *state_;
  state.workers.Post(0, [stopped = state.stopped] { *stopped = true; });
  state.mail.Stop();
  state.sessions.Stop();
  state.workers.Stop();
  state.store->Close();
}

}  // namespace sallyport::gateway
