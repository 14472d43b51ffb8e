// SPDX-License-Identifier: Apache-2.0
// Pipeline::Verify: the verdict on a request that another proxy carries (WIRE.md §2 "Forward-auth").
//
// Whatever happens, the answer is 200, 401, 403 or 503: proxies make of any other status what they like.
#include <algorithm>
#include <memory>

#include "sallyport/gateway/error_response.h"
#include "sallyport/gateway/forward_auth/described_request.h"
#include "sallyport/gateway/middleware/own_answer.h"
#include "sallyport/gateway/middleware/own_token.h"
#include "sallyport/gateway/pipeline.h"
#include "sallyport/http/fetch_metadata.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/signin/backend_tokens.h"
#include "sallyport/signin/errc.h"

namespace sallyport::gateway {
namespace {

constexpr const char* kToUpstream[] = {"X-Auth-Subject", "X-Auth-Email", "X-Auth-Name", "X-Auth-Groups", "X-Auth-Session", "X-Auth-Csrf", "Authorization"};

const ForwardAuthOptions* OptionsFor(const GatewayOptions& options, std::string_view peer) {
  // A unix socket's peer is on this machine.
  const http::IpAddress address = http::IpAddress::Parse(peer).value_or(http::IpAddress::FromV4(0x7f000001));
  for (const ForwardAuthOptions& one : options.forward_auth) {
    if (std::any_of(one.peers.begin(), one.peers.end(), [&](const http::Cidr& network) { return network.Contains(address); })) return &one;
  }
  return nullptr;
}

std::uint16_t OneOfFour(std::uint16_t status) {
  if (status == 200 || status == 401 || status == 403 || status == 503) return status;
  return status >= 500 || status == 429 || status == 408 ? 503 : 403;
}

// The value of a line in a block of "Name: value\r\n".
std::string_view ValueIn(std::string_view block, std::string_view name) {
  while (!block.empty()) {
    const std::string_view line = block.substr(0, block.find("\r\n"));
    block.remove_prefix(std::min(block.size(), line.size() + 2));
    if (line.starts_with(name) && line.substr(name.size()).starts_with(": ")) return line.substr(name.size() + 2);
  }
  return {};
}

// All of them, always: a proxy leaves a client's own header in place where the answer has none (Caddy CVE-2026-30851).
void AddIdentity(Answer& answer, std::string_view block) {
  for (const char* name : kToUpstream) answer.WithHeader(name, std::string(ValueIn(block, name)));
}

// nginx hands on one Set-Cookie, so a part of a set would be worse than none; Caddy copies to the upstream's side only.
std::vector<std::string> CookiesThatArrive(ForwardAuthDialect dialect, std::vector<std::string> session, std::string xsrf) {
  if (dialect == ForwardAuthDialect::kCaddy) return {};
  if (dialect == ForwardAuthDialect::kNginx) {
    if (session.size() > 1) session.clear();
    if (session.size() == 1) return session;
  }
  if (!xsrf.empty()) session.push_back(std::move(xsrf));
  return session;
}

// Upgrade and Connection stay with the proxy; these two come through.
bool IsWebSocketHandshake(const http::HeaderTable& fields) {
  return fields.Has(http::HeaderId::kSecWebSocketKey) || fields.Has(http::HeaderId::kSecWebSocketVersion);
}

}  // namespace

Coroutine<void> Pipeline::Verify(RequestContext& context) {
  const GatewayOptions& options = services_.config.gateway;
  const EndpointMatch endpoint = FindEndpoint(http::Method::kGet, kVerifyPath);
  context.row = &shared_.rows.OfEndpoint(*endpoint.endpoint);
  const ForwardAuthOptions* asker = OptionsFor(options, context.exchange->peer().address);
  auto described = std::make_unique<DescribedRequest>();
  std::optional<Answer> answer;
  if (!asker) {
    answer = Answer::Problem(403, "forward_auth_peer", "This address may not ask", "It is not in `peers` of [forward_auth].");
  } else if (!ReadDescribed(asker->dialect, context.exchange->head(), context.target_scratch, *described)) {
    answer = Answer::Problem(403, "forward_auth_headers", "The request that is asked about cannot be understood",
                             "Its method, host and target must come once each, in the headers of the configured dialect, and its path must be canonical.");
  } else {
    context.navigation = http::IsNavigation(described->head);
    auto judged = co_await JudgeDescribed(context, *described);
    if (judged && judged->status == 200) judged = co_await AllowDescribed(context, *described, asker->dialect);
    if (judged) answer = std::move(*judged);
    else answer = AnswerForError(judged.error(), context.navigation, options.pages, context.request_id_text());
  }
  answer->status = OneOfFour(answer->status);
  if (answer->status == 401) answer->WithHeader("X-Auth-Login-Url", SignInUrl(options, described->target.path_and_query));
  co_await Send(context, std::move(*answer));
}

// 200 without anything, or the refusal.
Task<Answer> Pipeline::JudgeDescribed(RequestContext& context, const DescribedRequest& described) {
  const GatewayOptions& options = services_.config.gateway;
  context.target = described.target;
  const Place place = PlaceRequest(options, shared_.routes, described.target, described.authority);
  if (place.kind == Place::kMisdirected)
    co_return Answer::Problem(403, "misdirected", "Another host was asked for", "It must be public_url's or one of `aliases`.");
  if (place.kind == Place::kNowhere) co_return Answer::Problem(403, "no_route", "No route covers this path");
  if (place.kind == Place::kOwn) {
    // Our own endpoints guard themselves. This one must not be reached through the proxy: its answers hold tokens (S7).
    if (AsksForVerdict(described.target.path)) co_return Answer::Problem(403, "forbidden", "This path is for proxies only");
    co_return Answer::Empty(200);
  }
  context.route_index = place.route;
  context.route = &options.routes[static_cast<std::size_t>(place.route)];
  context.upstream = &options.upstreams[context.route->upstream];
  if (AsksForSession(options, *context.route, *context.upstream)) {
    if (!services_.sessions.TryResolve(described.head.fields, /*slide=*/true, context.resolution))
      SALLYPORT_CO_CHECK(co_await ResolveSession(context));
    if (context.resolution.renew_cookie && context.navigation) {
      if (auto renewed = co_await RenewCookie(context); !renewed && renewed.error().Is(session::Errc::kEnded)) context.resolution = {};
    }
  }

  if (context.route->pass_authorization && ShowsOurToken(described.head.fields, services_.access_keys))
    co_return LoginRequiredAnswer(options, false, {}, "invalid_token");
  const session::SessionRef& session = context.resolution.session;
  const session::SessionData* data = session ? &session->data : nullptr;
  const Verdict verdict = JudgeRequest(*context.route, *context.upstream, described.head, data, services_.own_origins);
  if (verdict == Verdict::kAskForm) {
    co_return Answer::Problem(403, "csrf_token", "The CSRF token is missing",
                              "A form's field cannot be seen from here: send the token in the X-XSRF-TOKEN header, or let the route have csrf = \"origin\".");
  }
  if (verdict == Verdict::kLoginRequired || verdict == Verdict::kInvalidToken) {
    // Never a redirect: the proxy makes one of X-Auth-Login-Url where it is wanted.
    context.navigation = false;
  }
  if (!Accepts(context, verdict)) co_return std::move(*std::exchange(context.refusal, std::nullopt));
  if (IsWebSocketHandshake(described.head.fields) && !MayOpenTunnel(described.head.fields, data != nullptr, services_.own_origins))
    co_return CsrfRefusal(CsrfVerdict::kBadOrigin, {});
  co_return Answer::Empty(200);
}

Task<Answer> Pipeline::AllowDescribed(RequestContext& context, const DescribedRequest& described, ForwardAuthDialect dialect) {
  Answer answer = Answer::Empty(200);
  if (!context.route) {
    AddIdentity(answer, {});
    co_return answer;
  }
  session::Session* session = context.resolution.session.get();
  std::string block;
  if (session && AttachesTokens(context.route->identity)) {
    auto line = co_await TokenLine(*session, *context.route);
    if (!line && (line.error().Is(signin::Errc::kSessionEnded) || line.error().Is(oauth::Errc::kInvalidGrant))) co_return LoginRequiredAnswer(services_.config.gateway, false, {}, {});
    if (!line) co_return std::unexpected(std::move(line).error());
    block = std::move(*line);
    if (session->ended) co_return LoginRequiredAnswer(services_.config.gateway, false, {}, {});
  }
  if (session) block += identity_.BlockFor(*session, context.route_index, services_.clock.Now()).block;
  if (context.route->pass_authorization && ValueIn(block, "Authorization").empty())
    block.append("Authorization: ").append(described.head.fields.Get(http::HeaderId::kAuthorization)).append("\r\n");
  AddIdentity(answer, block);
  answer.set_cookies = CookiesThatArrive(dialect, std::move(context.set_cookies), DueXsrfCookie(context));
  co_return answer;
}

}  // namespace sallyport::gateway
