// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/app.h"

#include <unistd.h>

#include <csignal>

#include <atomic>
#include <mutex>
#include <thread>

#include "sallyport/base/log.h"
#include "sallyport/gateway/access_log.h"
#include "sallyport/gateway/metrics/metrics_page.h"
#include "sallyport/gateway/pipeline_slot.h"
#include "sallyport/gateway/service_graph.h"
#include "sallyport/net/server.h"
#include "sallyport/net/upstream_health.h"
#include "sallyport/session/session_service.h"

namespace sallyport::gateway {
namespace {

sigset_t StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

sigset_t HandledSignals() {
  sigset_t set = StopSignals();
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGUSR2);
  return set;
}

// What one configuration has made of the services, and how its upstreams fare.
struct Generation {
  std::shared_ptr<const PipelineShared> shared;
  std::vector<std::shared_ptr<net::UpstreamHealth>> health;   // by upstream

  const config::Config& config() const { return shared->services.config; }
};

// `former` may be null. Resolves names: blocks.
Generation MakeGeneration(std::shared_ptr<const PipelineShared> shared, const Generation* former) {
  Generation made{std::move(shared), {}};
  for (const UpstreamPolicy& upstream : made.config().gateway.upstreams) {
    auto& health = made.health.emplace_back();
    for (std::size_t i = 0; former && i < former->health.size(); ++i) {
      if (former->config().gateway.upstreams[i].net == upstream.net) health = former->health[i];
    }
    if (!health) health = net::MakeUpstreamHealth(upstream.net);
  }
  return made;
}

// On the worker. An upstream that stayed as it was keeps its connections.
std::shared_ptr<Pipeline> MakePipeline(const Generation& generation, const Pipeline* former, std::size_t worker, const Executor& executor) {
  std::vector<std::shared_ptr<net::UpstreamPool>> pools;
  for (std::size_t i = 0; i < generation.health.size(); ++i) {
    const net::UpstreamOptions& options = generation.config().gateway.upstreams[i].net;
    auto& pool = pools.emplace_back();
    for (std::size_t j = 0; former && j < former->pools().size(); ++j) {
      if (former->pools()[j]->options() == options) pool = former->pools()[j];
    }
    if (!pool) pool = std::make_shared<net::UpstreamPool>(options, generation.health[i], executor);
  }
  return std::make_shared<Pipeline>(generation.shared, worker, std::move(pools), executor);
}

}  // namespace

struct App::State {
  std::unique_ptr<ServiceGraph> graph;
  std::unique_ptr<AccessLog> access_log;
  std::unique_ptr<RequestMetrics> metrics;
  std::unique_ptr<AdmissionCounts> admission;
  std::unique_ptr<SpanExporter> spans;
  std::vector<std::unique_ptr<PipelineSlot>> slots;   // by worker
  std::unique_ptr<net::Server> server;
  mutable std::mutex mutex;
  Generation generation;                              // under the mutex
  ReloadCounters reloads;
  std::atomic<bool> handed_over = false;
  bool stopped = false;

  Generation Current() const {
    const std::lock_guard lock(mutex);
    return generation;
  }

  void Put(std::shared_ptr<ServiceSnapshot> snapshot) {
    const Generation former = Current();
    auto shared = std::make_shared<const PipelineShared>(std::move(snapshot), *admission, *metrics, access_log.get(), spans.get());
    const Generation next = MakeGeneration(std::move(shared), former.shared ? &former : nullptr);
    graph->workers().OnAllBlocking([&](std::size_t worker) {
      slots[worker]->Put(MakePipeline(next, slots[worker]->current(), worker, graph->workers().executor(worker)));
    });
    const std::lock_guard lock(mutex);
    generation = next;
  }
};

App::App(std::unique_ptr<State> state) : state_(std::move(state)) {}
App::~App() { Stop(); }

Result<std::unique_ptr<App>> App::Create(std::shared_ptr<const config::Config> config, std::unique_ptr<store::StoreLock> lock) {
  // Blocked before the first thread starts, so that only RunUntilSignal ever takes them.
  const sigset_t signals = HandledSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  auto state = std::make_unique<State>();
  const bool shared = lock != nullptr;
  SALLYPORT_TRY(state->graph, ServiceGraph::Create(config, config->workers, std::move(lock)));
  state->graph->services().sessions.ShareStore(shared);
  if (config->gateway.logs.access) {
    SALLYPORT_TRY(state->access_log, AccessLog::Open(config->gateway.logs, config->workers));
  }
  state->metrics = std::make_unique<RequestMetrics>(config->workers);
  state->admission = std::make_unique<AdmissionCounts>(config->workers, state->graph->services().random);
  if (const TracingOptions& tracing = config->gateway.tracing; !tracing.endpoint.empty()) {
    state->spans = std::make_unique<SpanExporter>(tracing, state->graph->workers(), state->graph->http());
  }
  for (std::size_t worker = 0; worker < config->workers; ++worker) state->slots.push_back(std::make_unique<PipelineSlot>());
  state->Put(state->graph->snapshot());
  state->server = std::make_unique<net::Server>(
      config->server, state->graph->workers(),
      [raw = state.get()](std::size_t worker) -> net::ExchangeHandler& { return *raw->slots[worker]; }, state->graph->clock());
  return std::unique_ptr<App>(new App(std::move(state)));
}

Result<void> App::Start(net::InheritedListeners& inherited) {
  SALLYPORT_CHECK(state_->graph->StartHousekeeping());
  return state_->server->Start(inherited);
}

int App::store_lock() const { return state_->graph->store_lock().descriptor(); }
std::vector<int> App::listeners() const { return state_->server->listeners(); }
void App::ShareStore(bool shared) { services()->sessions.ShareStore(shared); }

void App::HandOver() {
  state_->handed_over = true;
  // Wakes RunUntilSignal, which may be waiting on another thread.
  ::kill(::getpid(), SIGTERM);
}

std::uint16_t App::port() const { return state_->server->port(0); }

std::shared_ptr<Services> App::services() const {
  auto snapshot = state_->graph->snapshot();
  return {snapshot, &snapshot->services()};
}

std::shared_ptr<const config::Config> App::config() const { return state_->graph->snapshot()->config(); }

Result<void> App::Use(std::shared_ptr<const config::Config> next) {
  SALLYPORT_TRY(auto snapshot, state_->graph->MakeSnapshot(next));
  log::Configure(next->gateway.logs.diagnostic);
  state_->server->SetOptions(next->server);
  state_->graph->Use(snapshot);
  state_->Put(std::move(snapshot));
  return {};
}

void App::RunUntilSignal(const SignalActions& actions) {
  const sigset_t signals = HandledSignals();
  int received = 0;
  for (;;) {
    if (sigwait(&signals, &received) != 0) continue;
    if (received == SIGHUP) {
      actions.on_hangup();
    } else if (received == SIGUSR2) {
      actions.on_upgrade();
    } else {
      break;
    }
  }
  actions.on_stop();
  const std::string_view why = state_->handed_over ? "handed over" : received == SIGTERM ? "SIGTERM" : "SIGINT";
  log::Info("stopping: requests in flight may finish", {{"signal", why}, {"limit_s", config()->drain_limit.count() / 1000}});
  // A second signal means now.
  const sigset_t stop_signals = StopSignals();
  std::atomic<bool> drained = false;
  std::thread impatient([&] {
    const timespec tick{0, 200'000'000};
    while (!drained) {
      if (sigtimedwait(&stop_signals, nullptr, &tick) > 0) std::_Exit(1);
    }
  });
  Stop();
  drained = true;
  impatient.join();
}

void App::Stop() {
  if (!state_ || std::exchange(state_->stopped, true)) return;
  if (state_->handed_over) state_->server->DrainAfterHandOver(config()->drain_limit);
  else state_->server->Drain(config()->drain_limit);
  if (state_->spans) state_->spans->Stop();
  state_->graph->Stop();
  state_->server.reset();
  state_->slots.clear();
  state_->access_log.reset();
  log::Flush();
}

bool App::ready() const { return !state_->stopped; }

void App::CountReload(bool applied) {
  state_->reloads.Add(applied ? ReloadOutcome::kApplied : ReloadOutcome::kRefused);
}

Coroutine<std::string> App::Metrics() {
  MetricsSources sources{state_->graph->snapshot(), state_->graph->refreshes(), state_->graph->provider_refreshes(), state_->reloads, *state_->metrics,
                         *state_->admission, state_->graph->event_counts(),
                         *state_->server, state_->access_log.get(), state_->spans.get(),
                         [this](std::size_t worker) -> const auto& { return state_->slots[worker]->current()->pools(); }};
  return WriteMetricsPage(std::move(sources));
}

std::vector<std::string> App::upstreams_down() const {
  const Generation generation = state_->Current();
  std::vector<std::string> down;
  for (std::size_t i = 0; i < generation.health.size(); ++i) {
    const UpstreamPolicy& upstream = generation.config().gateway.upstreams[i];
    if (!upstream.external && !generation.health[i]->AnyHealthy()) down.push_back(upstream.net.name);
  }
  return down;
}

struct OfflineServices::State {
  std::unique_ptr<ServiceGraph> graph;
};

OfflineServices::OfflineServices(std::unique_ptr<State> state) : state_(std::move(state)) {}
OfflineServices::~OfflineServices() = default;

Result<std::unique_ptr<OfflineServices>> OfflineServices::Open(std::shared_ptr<const config::Config> config) {
  auto state = std::make_unique<State>();
  SALLYPORT_TRY(state->graph, ServiceGraph::Create(std::move(config), 1));
  return std::unique_ptr<OfflineServices>(new OfflineServices(std::move(state)));
}

Services& OfflineServices::services() { return state_->graph->services(); }

void OfflineServices::RunOnWorker(std::function<Coroutine<void>()> work) { state_->graph->RunOnWorker(std::move(work)); }

}  // namespace sallyport::gateway
