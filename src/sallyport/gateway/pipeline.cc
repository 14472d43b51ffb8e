// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/pipeline.h"

#include <algorithm>

#include "sallyport/async/loop.h"
#include "sallyport/async/spawn.h"
#include "sallyport/base/log.h"
#include "sallyport/crypto/websocket_accept.h"
#include "sallyport/gateway/error_response.h"
#include "sallyport/gateway/handlers/endpoint.h"
#include "sallyport/gateway/handlers/provider_farewell.h"
#include "sallyport/gateway/middleware/access_policy.h"
#include "sallyport/gateway/middleware/client_address.h"
#include "sallyport/gateway/middleware/csrf.h"
#include "sallyport/gateway/middleware/own_answer.h"
#include "sallyport/gateway/middleware/own_token.h"
#include "sallyport/gateway/proxy/answer_editor.h"
#include "sallyport/gateway/proxy/leak_search.h"
#include "sallyport/http/cookie.h"
#include "sallyport/http/fetch_metadata.h"
#include "sallyport/http/host.h"
#include "sallyport/http/query.h"
#include "sallyport/http/set_cookie.h"
#include "sallyport/http/websocket.h"
#include "sallyport/net/errc.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/signin/backend_tokens.h"
#include "sallyport/signin/oauth/provider_access.h"

namespace sallyport::gateway {
namespace {

void CutExchange(void* context) { static_cast<RequestContext*>(context)->exchange->Abort(net::AbortReason::kSessionEnded); }

bool MayGoOn(void* context, const session::SessionData& data) {
  return JudgeAccess(*static_cast<RequestContext*>(context)->route, &data) == AccessVerdict::kAllowed;
}

}  // namespace

PipelineShared::PipelineShared(std::shared_ptr<ServiceSnapshot> s, AdmissionCounts& counts, RequestMetrics& m, AccessLog* log, SpanExporter* exporter)
    : snapshot(std::move(s)),
      services(snapshot->services()),
      routes(services.config.gateway.routes),
      trusted_proxies(services.config.gateway.trusted_proxies),
      forward_head(services.config.gateway, services.sessions.cookie_names()),
      session_answer(services),
      admission(counts, services.config.gateway, services.workers.size()),
      metrics(m),
      rows(m, services.config.gateway),
      session_row(rows.OfEndpoint(*FindEndpoint(http::Method::kGet, "/api/auth/session").endpoint)),
      access_log(log),
      spans(exporter) {}

Pipeline::Pipeline(std::shared_ptr<const PipelineShared> shared, std::size_t worker, std::vector<std::shared_ptr<net::UpstreamPool>> pools,
                   const Executor& executor)
    : hold_(std::move(shared)),
      shared_(*hold_),
      services_(shared_.services),
      worker_(worker),
      executor_(executor),
      pools_(std::move(pools)),
      identity_(services_),
      ids_(services_.random) {}

std::string Pipeline::AnswerToUnreadable(const Error& error) {
  // Those were turned away before anything was read: the server counts them.
  if (!error.Is(net::Errc::kTooManyConnections) && !error.Is(net::Errc::kTooManyFromAddress)) shared_.metrics.CountUnreadable(worker_);
  return RawAnswerForError(error);
}

Coroutine<void> Pipeline::Handle(net::Exchange& exchange) {
  const auto self = shared_from_this();
  const Admission::Presence presence(shared_.admission, worker_);
  RequestContextPool::Lease lease(contexts_, exchange);
  RequestContext& context = *lease;
  context.row = &shared_.rows.OfNothing();
  if (shared_.spans) context.trace.Begin(exchange.head().fields, shared_.spans->sample_percent(), ids_);
  bool broken = false;
  try {
    co_await Run(context);
  } catch (const std::exception& e) {
    log::Error("a request ended with an exception", {{"what", e.what()}, {"request_id", context.request_id_text()}});
    broken = true;
  }
  if (broken) {
    if (exchange.head_was_set()) exchange.Abort(net::AbortReason::kError);
    else co_await Send(context, Answer::Problem(500, "internal_error", "Internal error"));
  }
  Account(context);
}

// The order of things. Each step may refuse; what follows then does not run.
Coroutine<void> Pipeline::Run(RequestContext& context) {
  const Next next = Begin(context);   // client address → limits → target → host → own path or route → its limits
  if (next == Next::kOwn) {
    co_await ServeOwn(context);
    co_return;
  }
  if (next == Next::kVerify) {
    co_await Verify(context);
    co_return;
  }
  if (next == Next::kRoute) {
    const http::RequestHead& head = context.exchange->head();
    // Session before policy, policy before CSRF: a stranger learns that sign-in is needed, not which check failed.
    if (AsksForSession(services_.config.gateway, *context.route, *context.upstream)) {
      if (!TryResolveSession(services_.sessions, context)) {
        if (auto resolved = co_await ResolveSession(context); !resolved) Refuse(context, resolved.error());
      }
      if (context.resolution.renew_cookie && context.navigation) {
        if (auto renewed = co_await RenewCookie(context); !renewed && renewed.error().Is(session::Errc::kEnded)) context.resolution = {};
      }
    }
    if (context.route->pass_authorization && ShowsOurToken(head.fields, services_.access_keys)) RefuseLogin(context, "invalid_token");
    if (!context.refusal) {
      const session::SessionRef& session = context.resolution.session;
      Verdict verdict = JudgeRequest(*context.route, *context.upstream, head, session ? &session->data : nullptr, services_.own_origins);
      if (verdict == Verdict::kAskForm) {
        auto judged = co_await JudgeCsrfForm(*context.exchange, session->data.csrf_token);
        if (!judged) Refuse(context, judged.error());
        else verdict = *judged == CsrfVerdict::kPassed ? Verdict::kAllowed : Verdict::kCsrfToken;
      }
      if (!context.refusal) Accepts(context, verdict);
    }
  }
  if (context.refusal) {
    co_await Send(context, std::move(*context.refusal));
  } else {
    co_await Proxy(context);
  }
}

Pipeline::Next Pipeline::Begin(RequestContext& context) {
  const GatewayOptions& options = services_.config.gateway;
  const http::RequestHead& head = context.exchange->head();
  ids_.Fill(context.request_id);
  ResolveClientAddress(context, shared_.trusted_proxies);
  if (CookieMemo& memo = ConnectionMemo::Of(*context.exchange).cookies; memo.Recall(head.fields, services_.snapshot)) context.cookies = &memo;
  context.navigation = http::IsNavigation(head);
  if (Sheds(context, shared_.admission.OnArrival(worker_, async::Loop::Current()->lateness()))) return Next::kRefuse;

  // Before anything else is read from the target: see AsksForVerdict.
  if (!options.forward_auth.empty() && AsksForVerdict(head.raw_target)) return Next::kVerify;
  const SteadyTime now = context.exchange->started();
  if (Sheds(context, shared_.admission.FromAddress(context.client, context.through_proxy, now, context.seat))) return Next::kRefuse;
  auto target = http::CanonicalTarget(head.raw_target, head.method, context.target_scratch);
  if (!target) {
    Refuse(context, target.error());
    return Next::kRefuse;
  }
  context.target = *target;
  // Nearly always it is the public origin's, word for word.
  std::string_view authority = head.fields.Get(http::HeaderId::kHost);
  if (context.target.form != http::TargetForm::kOrigin || head.fields.Count(http::HeaderId::kHost) != 1 ||
      !http::AddressesOrigin(authority, options.public_url)) {
    auto judged = http::RequestAuthority(head, context.target);
    if (!judged) {
      Refuse(context, judged.error());
      return Next::kRefuse;
    }
    authority = *judged;
  }
  const Place place = PlaceRequest(options, shared_.routes, context.target, authority);
  if (place.kind == Place::kOwn) return Next::kOwn;
  if (place.kind == Place::kMisdirected) {
    context.refusal = MisdirectedAnswer(options.public_url, context.navigation);
    return Next::kRefuse;
  }
  // What another proxy serves is nowhere for those who come here.
  if (place.kind == Place::kNowhere || options.upstreams[options.routes[static_cast<std::size_t>(place.route)].upstream].external) {
    context.refusal = NotFoundAnswer(context.navigation, options.pages, context.request_id_text());
    return Next::kRefuse;
  }
  context.route_index = place.route;
  context.route = &options.routes[static_cast<std::size_t>(context.route_index)];
  context.upstream = &options.upstreams[context.route->upstream];
  context.row = &shared_.rows.OfRoute(static_cast<std::size_t>(context.route_index));
  const ShedVerdict shed = shared_.admission.OnRoute(static_cast<std::size_t>(context.route_index), context.client, now, context.route_pass);
  if (Sheds(context, shed)) return Next::kRefuse;
  if (context.route->max_body > 0) context.exchange->LimitBody(context.route->max_body);
  return Next::kRoute;
}

bool Pipeline::Sheds(RequestContext& context, const ShedVerdict& verdict) {
  if (!verdict) return false;
  context.refusal = shared_.admission.Refuse(verdict, context.navigation, worker_, context.exchange->started());
  return true;
}

Task<void> Pipeline::ResolveSession(RequestContext& context) {
  auto resolution = co_await services_.sessions.Resolve(context.exchange->head().fields, /*slide=*/true, context.client);
  if (!resolution) co_return std::unexpected(std::move(resolution).error());
  context.resolution = std::move(*resolution);
  co_return Result<void>{};
}

// A stateless session's idle end is in its cookie, so use must write it again. When the store is down the old one still works.
Task<void> Pipeline::RenewCookie(RequestContext& context) {
  SALLYPORT_CO_TRY(const session::BegunSession renewed, co_await services_.sessions.Renew(context.resolution.session));
  context.set_cookies = session::SetSessionCookies(services_.sessions.cookie_names(), services_.sessions.options().compat,
                                                   renewed.cookie_value, renewed.cookie_expires,
                                                   services_.sessions.PresentCookieNames(context.exchange->head().fields));
  co_return Result<void>{};
}

bool Pipeline::Accepts(RequestContext& context, Verdict verdict) {
  const session::SessionRef& session = context.resolution.session;
  switch (verdict) {
    case Verdict::kAllowed: return true;
    case Verdict::kLoginRequired: RefuseLogin(context, ""); return false;
    case Verdict::kInvalidToken: RefuseLogin(context, "invalid_token"); return false;
    case Verdict::kForbidden:
      context.refusal = ForbiddenAnswer(context.navigation, services_.config.gateway.pages, context.request_id_text());
      return false;
    case Verdict::kCsrfToken:
      context.refusal = CsrfRefusal(CsrfVerdict::kBadToken, session->data.csrf_token);
      return false;
    case Verdict::kCsrfOrigin:
    case Verdict::kAskForm: break;
  }
  context.refusal = CsrfRefusal(CsrfVerdict::kBadOrigin, {});
  return false;
}

void Pipeline::Refuse(RequestContext& context, const Error& error) {
  context.refusal = AnswerForError(error, context.navigation, services_.config.gateway.pages, context.request_id_text());
}

void Pipeline::RefuseLogin(RequestContext& context, std::string_view why) {
  context.refusal = LoginRequiredAnswer(services_.config.gateway, context.navigation && why.empty(), context.target.path_and_query, why);
  if (context.resolution.state == session::CookieState::kInvalid || context.resolution.state == session::CookieState::kAmbiguous) {
    for (std::string& cookie : session::ClearSessionCookies(
             services_.sessions.cookie_names(), services_.sessions.PresentCookieNames(context.exchange->head().fields)))
      context.refusal->WithCookie(std::move(cookie));
  }
}

bool Pipeline::AttachesTokens(Identity identity) const {
  return (identity == Identity::kBackend && services_.backend_tokens) || (identity == Identity::kProvider && services_.oauth);
}

Task<std::string> Pipeline::TokenLine(const session::Session& session, const Route& route) {
  Result<signin::AccessToken> token;
  if (!route.providers.empty() && std::ranges::find(route.providers, session.data.method) == route.providers.end()) co_return std::string();
  if (route.identity == Identity::kBackend) token = co_await services_.backend_tokens->Valid(session.data.id);
  else token = co_await services_.oauth->access().Valid(session.data.id);
  if (token) co_return "Authorization: Bearer " + token->token + "\r\n";
  if (token.error().Is(signin::Errc::kNoBackendTokens)) co_return std::string();
  co_return std::unexpected(std::move(token).error());
}

std::string Pipeline::DueXsrfCookie(const RequestContext& context) const {
  const session::SessionRef& session = context.resolution.session;
  const session::CookieNames& names = services_.sessions.cookie_names();
  if (!session || !context.navigation || http::FindCookie(context.exchange->head().fields, names.xsrf) == session->data.csrf_token) return {};
  http::SetCookie cookie;   // a navigation, which is not the hot path
  cookie.name = names.xsrf;
  cookie.value = session->data.csrf_token;
  cookie.http_only = false;
  cookie.secure = names.secure;
  return cookie.ToString();
}

Coroutine<void> Pipeline::Proxy(RequestContext& context) {
  net::Exchange& exchange = *context.exchange;
  const session::CookieNames& names = services_.sessions.cookie_names();
  session::Session* session = context.resolution.session.get();
  const Timestamp now = services_.clock.Now();

  ForwardHead::Additions additions;
  if (session && AttachesTokens(context.route->identity)) {
    auto line = co_await TokenLine(*session, *context.route);
    if (!line) {
      if (line.error().Is(signin::Errc::kSessionEnded) || line.error().Is(oauth::Errc::kInvalidGrant)) RefuseLogin(context, "");
      else Refuse(context, line.error());
      co_await Send(context, std::move(*context.refusal));
      co_return;
    }
    context.identity = std::move(*line);
    additions.bearer_line = context.identity;
  }
  // It may have ended while a form or a token was waited for. What ends from here on is cut by `live` below.
  if (session && session->ended) RefuseLogin(context, "");
  else Sheds(context, shared_.admission.ToUpstream(static_cast<std::size_t>(context.route_index), context.upstream_pass));
  if (context.refusal) {
    co_await Send(context, std::move(*context.refusal));
    co_return;
  }
  // The block belongs to the session and may be made anew by another request: nothing is awaited before Build copies it.
  additions.identity = session ? std::string_view(identity_.BlockFor(*session, context.route_index, now).block)
                               : identity_.AnonymousBlock(context.route_index);

  const std::string due = DueXsrfCookie(context);
  std::string xsrf;
  if (!due.empty()) {
    context.set_cookies.push_back(due);
    xsrf = names.xsrf + "=" + session->data.csrf_token;
    additions.xsrf_cookie = xsrf;
  }
  TraceParentText trace;
  if (context.trace.sampled) {
    context.trace.Write(trace);
    additions.trace_parent = {trace.data(), trace.size()};
    additions.new_trace = !context.trace.has_parent;
  } else if (!exchange.head().fields.Has(http::HeaderId::kTraceparent)) {
    ids_.BeginTrace(trace);
    additions.trace_parent = {trace.data(), trace.size()};
  }
  shared_.forward_head.Build(context, additions);

  net::RelayPlan plan;
  plan.pool = pools_[context.route->upstream].get();
  plan.target = RouteTable::UpstreamTarget(*context.route, context.target.path_and_query, context.upstream_target);
  plan.request_edits = &context.request_edits;

  std::string accept;
  if (http::AsksForWebSocket(exchange.head())) {
    if (auto checked = http::CheckWebSocketRequest(exchange.head(), exchange.framing()); !checked) {
      co_await Send(context, AnswerForError(checked.error(), false, services_.config.gateway.pages, context.request_id_text()));
      co_return;
    }
    if (!MayOpenTunnel(exchange.head().fields, session != nullptr, services_.own_origins)) {
      Answer refusal = CsrfRefusal(CsrfVerdict::kBadOrigin, {});
      co_await Send(context, std::move(refusal));
      co_return;
    }
    accept = crypto::WebSocketAccept(exchange.head().fields.Get(http::HeaderId::kSecWebSocketKey));
    plan.websocket = true;
    plan.websocket_accept = accept;
  }

  AnswerEditor editor(context, services_.config.gateway, names, now, [this, &context] {
    const model::SessionId id = context.resolution.session->data.id;
    async::Spawn(executor_, [](std::shared_ptr<const PipelineShared> shared, model::SessionId sid) -> Coroutine<void> {
      auto ended = co_await shared->services.sessions.End(std::move(sid), std::nullopt, model::EndReason::kSignedOut);
      if (ended) co_await RevokeProviderTokens(shared->services, std::move(ended->tokens));
    }(hold_, id), "sign-out by a page upstream");
  });
  plan.editor = &editor;
  std::unique_ptr<LeakSearch> leak_search;
  if (services_.config.gateway.search_answers && !context.injected_bearer.empty()) {
    leak_search = std::make_unique<LeakSearch>(context);
    plan.watch = leak_search.get();
  }

  session::LiveExchange live(&CutExchange, &context, HasConditions(*context.route) ? &MayGoOn : nullptr);
  if (session) live.LinkTo(session->live);
  auto outcome = co_await net::Relay(exchange, plan);
  live.Unlink();
  if (outcome) {
    context.status = outcome->status;
  } else if (!exchange.head_was_set() && exchange.abort_reason() == net::AbortReason::kNone) {
    co_await Send(context, AnswerForError(outcome.error(), context.navigation, services_.config.gateway.pages, context.request_id_text()));
  }
}

Coroutine<void> Pipeline::ServeOwn(RequestContext& context) {
  if (shared_.session_answer.TryMake(context)) {
    context.status = 200;
    context.row = &shared_.session_row;
    if (auto sent = co_await SendBlock(*context.exchange, 200, context.answer_block, context.block); !sent)
      context.exchange->Abort(net::AbortReason::kClientGone);
    co_return;
  }
  const http::RequestHead& head = context.exchange->head();
  EndpointMatch match = FindEndpoint(head.method, context.target.path);
  if (!match.endpoint) {
    co_await Send(context, UnknownEndpointAnswer(services_, head, match.path_known, context.navigation, context.request_id_text()));
    co_return;
  }
  context.row = &shared_.rows.OfEndpoint(*match.endpoint);
  AuthRequest request(services_, *context.exchange, context.target.path, context.target.query, context.client_text,
                      std::string(context.request_id_text()));
  request.parameters = std::move(match.parameters);
  auto answer = co_await match.endpoint->handle(request);
  // Chosen before it is awaited: g++ 12 evaluates both arms of a conditional inside a co_await expression.
  if (!answer) answer = AnswerForError(answer.error(), context.navigation, services_.config.gateway.pages, context.request_id_text());
  co_await Send(context, std::move(*answer));
}

Coroutine<void> Pipeline::Send(RequestContext& context, Answer answer) {
  context.status = answer.status;
  if (auto sent = co_await SendOwnAnswer(*context.exchange, std::move(answer), services_.config.gateway, context.request_id_text()); !sent) {
    context.exchange->Abort(net::AbortReason::kClientGone);
  }
}

void Pipeline::Account(const RequestContext& context) const {
  const net::Exchange& exchange = *context.exchange;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(services_.clock.Steady() - exchange.started());
  RequestFigures figures;
  figures.status = context.status;
  figures.abort = exchange.abort_reason();
  figures.micros = static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0));
  figures.bytes_in = exchange.bytes_received();
  figures.bytes_out = exchange.bytes_sent();
  context.row->by_worker[worker_].Count(figures);
  if (shared_.access_log) Log(context, figures.micros);
  if (context.trace.sampled) Trace(context, figures);
}

void Pipeline::Trace(const RequestContext& context, const RequestFigures& figures) const {
  Span span;
  span.context = context.trace;
  span.method = context.exchange->head().method;
  span.row = context.row;
  span.status = figures.status;
  span.end_nanos = static_cast<std::uint64_t>(UnixMillis(services_.clock.Now())) * 1'000'000;
  span.start_nanos = span.end_nanos - figures.micros * 1000;
  shared_.spans->Put(worker_, span);
}

void Pipeline::Log(const RequestContext& context, std::uint64_t micros) const {
  const net::Exchange& exchange = *context.exchange;
  AccessLine line;
  line.at = services_.clock.Now();
  line.client = context.client_text;
  line.method = exchange.head().method_name;
  line.path = context.target.path.empty() ? std::string_view("-") : context.target.path;
  line.upstream = context.upstream ? std::string_view(context.upstream->net.name) : std::string_view();
  line.session_id = context.resolution.session ? std::string_view(context.resolution.session->data.id) : std::string_view();
  line.request_id = context.request_id_text();
  line.status = context.status;
  line.bytes_in = exchange.bytes_received();
  line.bytes_out = exchange.bytes_sent();
  line.micros = micros;
  line.aborted = exchange.abort_reason() != net::AbortReason::kNone;
  shared_.access_log->Write(worker_, line);
}

}  // namespace sallyport::gateway
