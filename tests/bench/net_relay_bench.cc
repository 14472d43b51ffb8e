// SPDX-License-Identifier: Apache-2.0
// Server and relay and nothing else, for comparison with nginx: net_relay_bench PORT UPSTREAM_PORT [WORKERS]
#include <fmt/format.h>
#include <signal.h>

#include <cstdlib>
#include <memory>
#include <vector>

#include "sallyport/async/worker_set.h"
#include "sallyport/net/errc.h"
#include "sallyport/net/relay.h"
#include "sallyport/net/server.h"

namespace sallyport::net {
namespace {

class RelayHandler final : public ExchangeHandler {
 public:
  RelayHandler(const UpstreamOptions& options, std::shared_ptr<UpstreamHealth> health, const Executor& executor)
      : pool_(options, std::move(health), executor) {}

  Coroutine<void> Handle(Exchange& exchange) override {
    http::HeadEdits edits;
    const auto fields = exchange.head().fields.fields();
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (fields[i].id == http::HeaderId::kHost) edits.drop.set(i);
    edits.raw_block = "Host: bench.local\r\n";
    RelayPlan plan;
    plan.pool = &pool_;
    plan.target = exchange.head().raw_target;
    plan.request_edits = &edits;
    const auto outcome = co_await Relay(exchange, plan);
    if (!outcome && exchange.abort_reason() == AbortReason::kNone) (void)co_await SendWhole(exchange, 502, {}, "bad gateway\n");
  }

  std::string AnswerToUnreadable(const Error&) override {
    return "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  }

 private:
  UpstreamPool pool_;
};

int Main(int argc, char** argv) {
  if (argc < 3) return 2;
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const std::size_t count = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 1;
  UpstreamOptions upstream;
  upstream.name = "bench";
  upstream.max_pooled = 1024;
  upstream.addresses.push_back({"127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[2])), {}});
  ServerOptions options;
  options.listen.push_back({"127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[1])), {}});
  const SystemClock clock;
  async::WorkerSet workers(count);
  const auto health = MakeUpstreamHealth(upstream);
  std::vector<std::unique_ptr<RelayHandler>> handlers;
  for (std::size_t i = 0; i < count; ++i) {
    handlers.push_back(std::make_unique<RelayHandler>(upstream, health, workers.executor(i)));
  }
  workers.Start();
  {
    Server server(options, workers, [&](std::size_t i) -> ExchangeHandler& { return *handlers[i]; }, clock);
    if (const auto started = server.Start(); !started) {
      fmt::print(stderr, "{}\n", started.error().detail);
      return 1;
    }
    int signal = 0;
    sigwait(&signals, &signal);
    server.Drain(Duration(2000));
  }
  workers.Stop();
  return 0;
}

}  // namespace
}  // namespace sallyport::net

int main(int argc, char** argv) { return sallyport::net::Main(argc, argv); }
