// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/app.h"

#include <csignal>

#include <atomic>
#include <cerrno>
#include <thread>

#include "sallyport/base/log.h"
#include "sallyport/gateway/access_log.h"
#include "sallyport/gateway/metrics/metrics_page.h"
#include "sallyport/gateway/pipeline.h"
#include "sallyport/gateway/service_graph.h"
#include "sallyport/net/server.h"

namespace sallyport::gateway {
namespace {

sigset_t StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

struct App::State {
  std::shared_ptr<const config::Config> config;
  std::unique_ptr<ServiceGraph> graph;
  std::unique_ptr<AccessLog> access_log;
  std::unique_ptr<RequestMetrics> metrics;
  std::unique_ptr<PipelineShared> shared;
  std::vector<std::unique_ptr<Pipeline>> pipelines;
  std::unique_ptr<net::Server> server;
  bool stopped = false;
};

App::App(std::unique_ptr<State> state) : state_(std::move(state)) {}
App::~App() { Stop(); }

Result<std::unique_ptr<App>> App::Create(std::shared_ptr<const config::Config> config) {
  // Blocked before the first thread starts, so that only RunUntilSignal ever takes them.
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  auto state = std::make_unique<State>();
  state->config = config;
  SALLYPORT_TRY(state->graph, ServiceGraph::Create(config, config->workers));
  Services& services = state->graph->services();
  state->metrics = std::make_unique<RequestMetrics>(config->workers);
  state->shared = std::make_unique<PipelineShared>(services, *state->metrics);
  if (config->gateway.logs.access) {
    SALLYPORT_TRY(state->access_log, AccessLog::Open(config->gateway.logs, config->workers));
    state->shared->access_log = state->access_log.get();
  }

  std::vector<std::shared_ptr<net::UpstreamHealth>> health;
  for (const UpstreamPolicy& upstream : config->gateway.upstreams) health.push_back(net::MakeUpstreamHealth(upstream.net));
  for (std::size_t worker = 0; worker < config->workers; ++worker) {
    const Executor executor = services.workers.executor(worker);
    std::vector<std::unique_ptr<net::UpstreamPool>> pools;
    for (std::size_t i = 0; i < health.size(); ++i)
      pools.push_back(std::make_unique<net::UpstreamPool>(config->gateway.upstreams[i].net, health[i], executor));
    state->pipelines.push_back(std::make_unique<Pipeline>(*state->shared, worker, std::move(pools), executor));
  }
  state->server = std::make_unique<net::Server>(
      config->server, services.workers,
      [raw = state.get()](std::size_t worker) -> net::ExchangeHandler& { return *raw->pipelines[worker]; }, services.clock);
  return std::unique_ptr<App>(new App(std::move(state)));
}

Result<void> App::Start() {
  SALLYPORT_CHECK(state_->graph->StartHousekeeping());
  return state_->server->Start();
}

std::uint16_t App::port() const { return state_->server->port(0); }
Services& App::services() { return state_->graph->services(); }

void App::RunUntilSignal() {
  const sigset_t signals = StopSignals();
  int received = 0;
  while (sigwait(&signals, &received) == EINTR) {
  }
  log::Info("stopping: requests in flight may finish", {{"signal", received == SIGTERM ? "SIGTERM" : "SIGINT"},
                                                        {"limit_s", state_->config->drain_limit.count() / 1000}});
  // A second signal means now.
  std::atomic<bool> drained = false;
  std::thread impatient([&] {
    const timespec tick{0, 200'000'000};
    while (!drained) {
      if (sigtimedwait(&signals, nullptr, &tick) > 0) std::_Exit(1);
    }
  });
  Stop();
  drained = true;
  impatient.join();
}

void App::Stop() {
  if (!state_ || std::exchange(state_->stopped, true)) return;
  state_->server->Drain(state_->config->drain_limit);
  state_->graph->Stop();
  state_->server.reset();
  state_->pipelines.clear();
  state_->access_log.reset();
  log::Flush();
}

bool App::ready() const { return !state_->stopped; }

boost::asio::awaitable<std::string> App::Metrics() {
  MetricsSources sources{services(), *state_->metrics, state_->graph->event_counts(), *state_->server, state_->access_log.get(),
                         [this](std::size_t worker) -> const auto& { return state_->pipelines[worker]->pools(); }};
  return WriteMetricsPage(std::move(sources));
}

std::vector<std::string> App::upstreams_down() const {
  std::vector<std::string> down;
  const auto& pools = state_->pipelines.front()->pools();
  for (std::size_t i = 0; i < pools.size(); ++i) {
    if (!pools[i]->AnyAddressHealthy()) down.push_back(state_->config->gateway.upstreams[i].net.name);
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

void OfflineServices::RunOnWorker(std::function<boost::asio::awaitable<void>()> work) { state_->graph->RunOnWorker(std::move(work)); }

}  // namespace sallyport::gateway
