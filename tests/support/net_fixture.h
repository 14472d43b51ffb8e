// SPDX-License-Identifier: Apache-2.0
// A server with real workers on a free port of the loopback, whose handler is a function of the test.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sallyport/async/worker_set.h"
#include "sallyport/net/errc.h"
#include "sallyport/net/relay.h"
#include "sallyport/net/server.h"
#include "support/raw_socket.h"

namespace sallyport::test {

class FunctionHandler final : public net::ExchangeHandler {
 public:
  using Function = std::function<Coroutine<void>(net::Exchange&)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}

  Coroutine<void> Handle(net::Exchange& exchange) override { return function_(exchange); }
  std::string AnswerToUnreadable(const Error& error) override {
    const char* status = "400 Bad Request";
    if (error.Is(net::Errc::kTimeout)) status = "408 Request Timeout";
    if (error.Is(net::Errc::kStopped)) status = "503 Service Unavailable";
    if (error.Is(http::Errc::kHeadTooLarge)) status = "431 Request Header Fields Too Large";
    return std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  }

 private:
  Function function_;
};

class TestServer {
 public:
  explicit TestServer(FunctionHandler::Function function, net::ServerOptions options = {}, std::size_t workers = 1)
      : workers_(workers), handler_(std::move(function)) {
    if (options.listen.empty()) options.listen.push_back({.host = "127.0.0.1"});
    server_ = std::make_unique<net::Server>(
        options, workers_, [this](std::size_t) -> net::ExchangeHandler& { return handler_; }, clock_);
    workers_.Start();
    start_ = server_->Start();
  }
  ~TestServer() {
    server_.reset();
    workers_.Stop();
  }

  const Result<void>& start() const { return start_; }
  RawSocket Connect() { return RawSocket::Connect(server_->port()); }
  net::Server& server() { return *server_; }
  async::WorkerSet& workers() { return workers_; }

 private:
  SystemClock clock_;
  async::WorkerSet workers_;
  FunctionHandler handler_;
  std::unique_ptr<net::Server> server_;
  Result<void> start_;
};

// Relays everything to `upstream`, with the target as it came; errors before the answer become their status.
class TestGateway {
 public:
  explicit TestGateway(net::UpstreamOptions upstream, net::ServerOptions options = {}, std::size_t workers = 1)
      : upstream_(std::move(upstream)), health_(net::MakeUpstreamHealth(upstream_)), pools_(workers) {
    server_ = std::make_unique<TestServer>([this](net::Exchange& exchange) { return Handle(*this, exchange); },
                                           std::move(options), workers);
  }
  ~TestGateway() {
    server_->server().Drain(Duration(0));
    server_->workers().OnAllBlocking([this](std::size_t i) { pools_[i].reset(); });
  }

  static net::UpstreamOptions To(std::vector<std::uint16_t> ports) {
    net::UpstreamOptions options;
    options.name = "test";
    for (const auto port : ports) options.addresses.push_back({.host = "127.0.0.1", .port = port});
    return options;
  }

  RawSocket Connect() { return server_->Connect(); }
  TestServer& server() { return *server_; }
  net::UpstreamPool& pool(std::size_t worker = 0) { return *pools_[worker]; }

  // Set before the first request.
  net::ResponseEditor* editor = nullptr;
  net::BodyWatch* watch = nullptr;
  http::HeadEdits request_edits;
  std::uint64_t body_limit = ~std::uint64_t{0};
  std::string websocket_accept;   // not empty: handshakes may pass
  Duration tunnel_idle{0};
  std::function<void(const Result<net::RelayOutcome>&)> on_outcome;
  std::function<void(net::Exchange&)> on_exchange;

 private:
  static Coroutine<void> Handle(TestGateway& self, net::Exchange& exchange) {
    auto& pool = self.pools_[async::WorkerSet::Current()];
    if (!pool) {
      pool = std::make_unique<net::UpstreamPool>(self.upstream_, self.health_,
                                                 self.server_->workers().executor(async::WorkerSet::Current()));
    }
    if (self.on_exchange) self.on_exchange(exchange);
    exchange.LimitBody(self.body_limit);
    net::RelayPlan plan;
    plan.pool = pool.get();
    plan.target = exchange.head().raw_target;
    plan.request_edits = &self.request_edits;
    plan.editor = self.editor;
    plan.watch = self.watch;
    plan.websocket = !self.websocket_accept.empty();
    plan.websocket_accept = self.websocket_accept;
    plan.tunnel_idle = self.tunnel_idle;
    const auto outcome = co_await net::Relay(exchange, plan);
    if (self.on_outcome) self.on_outcome(outcome);
    if (outcome || exchange.abort_reason() != net::AbortReason::kNone) co_return;
    const auto status = StatusFor(outcome.error());
    (void)co_await net::SendWhole(exchange, status, {}, "error");
  }
  static std::uint16_t StatusFor(const Error& error) {
    if (error.Is(net::Errc::kUpstreamTimeout)) return 504;
    if (error.Is(net::Errc::kUpstreamBusy)) return 503;
    if (error.Is(net::Errc::kBodyTooLarge)) return 413;
    if (error.Is(net::Errc::kTimeout)) return 408;
    if (error.Is(http::Errc::kFraming)) return 400;
    return 502;
  }

  net::UpstreamOptions upstream_;
  std::shared_ptr<net::UpstreamHealth> health_;
  std::vector<std::unique_ptr<net::UpstreamPool>> pools_;
  std::unique_ptr<TestServer> server_;
};

}  // namespace sallyport::test
