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
#include "sallyport/gateway/forward_auth/described_request.h"
#include "sallyport/gateway/handlers/session_answer.h"
#include "sallyport/gateway/limits/admission.h"
#include "sallyport/gateway/metrics/request_rows.h"
#include "sallyport/gateway/middleware/identity.h"
#include "sallyport/gateway/middleware/judge.h"
#include "sallyport/gateway/proxy/forward_head.h"
#include "sallyport/gateway/request_context.h"
#include "sallyport/gateway/route_table.h"
#include "sallyport/gateway/service_snapshot.h"
#include "sallyport/gateway/trace_ids.h"
#include "sallyport/gateway/tracing/span_exporter.h"
#include "sallyport/http/forwarded.h"
#include "sallyport/net/exchange.h"
#include "sallyport/net/upstream_pool.h"

namespace sallyport::gateway {

// What every worker's pipeline of one configuration shares; immutable.
struct PipelineShared {
  const std::shared_ptr<ServiceSnapshot> snapshot;
  Services& services;
  RouteTable routes;
  http::TrustedProxies trusted_proxies;
  ForwardHead forward_head;
  SessionAnswer session_answer;
  Admission admission;
  RequestMetrics& metrics;
  RequestRows rows;
  RequestRow& session_row;                  // of GET /api/auth/session
  AccessLog* const access_log;              // null: off
  SpanExporter* const spans;                // null: off

  PipelineShared(std::shared_ptr<ServiceSnapshot> s, AdmissionCounts& counts, RequestMetrics& m, AccessLog* log, SpanExporter* exporter);
};

// An exchange holds the pipeline that it began with.
class Pipeline final : public std::enable_shared_from_this<Pipeline> {
 public:
  // `pools`: one per upstream, of this worker.
  Pipeline(std::shared_ptr<const PipelineShared> shared, std::size_t worker, std::vector<std::shared_ptr<net::UpstreamPool>> pools,
           const Executor& executor);

  Coroutine<void> Handle(net::Exchange& exchange);
  std::string AnswerToUnreadable(const Error& error);
  const std::vector<std::shared_ptr<net::UpstreamPool>>& pools() const { return pools_; }

 private:
  enum class Next : std::uint8_t { kRefuse, kOwn, kRoute, kVerify };

  Next Begin(RequestContext& context);
  // True when there is a verdict; its refusal is then in the context.
  bool Sheds(RequestContext& context, const ShedVerdict& verdict);
  Coroutine<void> Run(RequestContext& context);
  Coroutine<void> ServeOwn(RequestContext& context);
  Coroutine<void> Proxy(RequestContext& context);
  // Answers another proxy (forward_auth/verify.cc): nothing but 200, 401, 403 and 503.
  Coroutine<void> Verify(RequestContext& context);
  Task<Answer> JudgeDescribed(RequestContext& context, const DescribedRequest& described);
  Task<Answer> AllowDescribed(RequestContext& context, const DescribedRequest& described, ForwardAuthDialect dialect);
  Task<void> ResolveSession(RequestContext& context);
  Task<void> RenewCookie(RequestContext& context);
  // False when the verdict is a refusal, which is then in context.refusal. kAskForm is not decided here.
  bool Accepts(RequestContext& context, Verdict verdict);
  bool AttachesTokens(Identity identity) const;
  // "Authorization: Bearer …\r\n" with the API's own token, or the provider's; empty when the session has none.
  Task<std::string> TokenLine(const session::Session& session, const Route& route);
  // The readable XSRF-TOKEN cookie is due on a navigation whose browser has none or a stale one; else empty.
  std::string DueXsrfCookie(const RequestContext& context) const;
  void Refuse(RequestContext& context, const Error& error);
  void RefuseLogin(RequestContext& context, std::string_view why);
  Coroutine<void> Send(RequestContext& context, Answer answer);
  void Trace(const RequestContext& context, const RequestFigures& figures) const;
  void Account(const RequestContext& context) const;
  void Log(const RequestContext& context, std::uint64_t micros) const;

  const std::shared_ptr<const PipelineShared> hold_;
  const PipelineShared& shared_;
  Services& services_;
  const std::size_t worker_;
  const Executor executor_;
  const std::vector<std::shared_ptr<net::UpstreamPool>> pools_;
  RequestContextPool contexts_;
  IdentityMaker identity_;
  TraceIds ids_;
};

}  // namespace sallyport::gateway
