// SPDX-License-Identifier: Apache-2.0
// What happens to a request, in order. One instance per worker.
//
// Pipeline::Handle is the list; each step is a function of its own (middleware/, proxy/, handlers/). See
// docs/life_of_a_request.md.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sallyport/gateway/access_log.h"
#include "sallyport/gateway/handlers/session_answer.h"
#include "sallyport/gateway/metrics/request_rows.h"
#include "sallyport/gateway/middleware/identity.h"
#include "sallyport/gateway/proxy/forward_head.h"
#include "sallyport/gateway/request_context.h"
#include "sallyport/gateway/route_table.h"
#include "sallyport/gateway/services.h"
#include "sallyport/gateway/trace_ids.h"
#include "sallyport/http/forwarded.h"
#include "sallyport/net/exchange.h"
#include "sallyport/net/upstream_pool.h"

namespace sallyport::gateway {

// What every worker's pipeline shares; immutable.
struct PipelineShared {
  Services& services;
  RouteTable routes;
  http::TrustedProxies trusted_proxies;
  ForwardHead forward_head;
  SessionAnswer session_answer;
  RequestMetrics& metrics;
  RequestRows rows;
  AccessLog* access_log = nullptr;          // null: off

  PipelineShared(Services& s, RequestMetrics& m);
};

class Pipeline final : public net::ExchangeHandler {
 public:
  // `pools`: one per upstream, of this worker.
  Pipeline(const PipelineShared& shared, std::size_t worker, std::vector<std::unique_ptr<net::UpstreamPool>> pools,
           const Executor& executor);

  boost::asio::awaitable<void> Handle(net::Exchange& exchange) override;
  std::string AnswerToUnreadable(const Error& error) override;
  const std::vector<std::unique_ptr<net::UpstreamPool>>& pools() const { return pools_; }

 private:
  enum class Next : std::uint8_t { kRefuse, kOwn, kRoute };

  Next Begin(RequestContext& context);
  boost::asio::awaitable<void> Run(RequestContext& context);
  boost::asio::awaitable<void> ServeOwn(RequestContext& context);
  boost::asio::awaitable<void> Proxy(RequestContext& context);
  Task<void> ResolveSession(RequestContext& context);
  Task<void> RenewCookie(RequestContext& context);
  bool PassesPolicy(RequestContext& context);
  void Refuse(RequestContext& context, const Error& error);
  void RefuseLogin(RequestContext& context, std::string_view why);
  boost::asio::awaitable<void> Send(RequestContext& context, Answer answer);
  void Account(const RequestContext& context) const;
  void Log(const RequestContext& context, std::uint64_t micros) const;

  const PipelineShared& shared_;
  Services& services_;
  const std::size_t worker_;
  const Executor executor_;
  std::vector<std::unique_ptr<net::UpstreamPool>> pools_;
  RequestContextPool contexts_;
  IdentityMaker identity_;
  TraceIds ids_;
};

}  // namespace sallyport::gateway
