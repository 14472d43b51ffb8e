// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/proxy/forward_head.h"

#include "sallyport/http/cookie.h"
#include "sallyport/http/identity_header.h"

namespace sallyport::gateway {
namespace {

// Ours to say. (Cookie is written again by EditCookie unless unchanged.)
constexpr http::HeaderIdSet kOurs = {http::HeaderId::kHost,           http::HeaderId::kCookie,          http::HeaderId::kForwarded,
                                     http::HeaderId::kXForwardedFor,  http::HeaderId::kXForwardedHost,  http::HeaderId::kXForwardedPort,
                                     http::HeaderId::kXForwardedProto, http::HeaderId::kXRealIp,        http::HeaderId::kXRequestId,
                                     http::HeaderId::kXAuthReturnRedirect};

std::string_view BearerIn(std::string_view lines) {
  static constexpr std::string_view kStart = "Authorization: Bearer ";
  const auto at = lines.find(kStart);
  if (at == std::string_view::npos) return {};
  lines.remove_prefix(at + kStart.size());
  return lines.substr(0, lines.find('\r'));
}

}  // namespace

ForwardHead::ForwardHead(const GatewayOptions& options, const session::CookieNames& cookies)
    : options_(options), cookies_(cookies) {
  const std::string authority = options.public_url.Authority();
  for (const UpstreamPolicy& upstream : options.upstreams) {
    constant_.push_back("Host: " + (upstream.public_host ? authority : upstream.upstream_authority) +
                        "\r\nX-Forwarded-Host: " + authority + "\r\nX-Forwarded-Proto: " + options.public_url.scheme + "\r\n");
  }
  forwarded_suffix_ = ";host=\"" + authority + "\";proto=" + options.public_url.scheme + "\r\n";
}

void ForwardHead::EditCookie(RequestContext& context, std::string_view xsrf_cookie) const {
  const bool pages = context.upstream->kind == UpstreamKind::kPages;
  const bool keeps_session = pages && options_.forward_session_cookie && static_cast<bool>(context.resolution.session);
  if (context.cookies == nullptr || !xsrf_cookie.empty()) {
    const auto result = FilterCookies(context, pages, keeps_session, xsrf_cookie);
    return PutCookies(context, result, context.cookie);
  }
  CookieMemo::Forwarded& known = context.cookies->forwarded[(pages ? 1U : 0U) | (keeps_session ? 2U : 0U)];
  if (!known.known) {
    known.result = FilterCookies(context, pages, keeps_session, {});
    known.line.assign(context.cookie);
    known.known = true;
  }
  PutCookies(context, known.result, known.line);
}

// Leaves the new value in context.cookie.
http::CookieFilterResult ForwardHead::FilterCookies(RequestContext& context, bool pages, bool keeps_session, std::string_view xsrf_cookie) const {
  const auto& fields = context.exchange->head().fields;
  const bool keeps_ours = options_.forward_session_cookie && pages;
  http::CookieFilter filter(context.cookie);
  const bool replaces_xsrf = !xsrf_cookie.empty();
  auto outcome = filter.Run(fields, [&](const http::Cookie& cookie) {
    if (cookie.name == cookies_.xsrf) return pages && !replaces_xsrf;   // a page's scripts read it anyway
    if (!cookies_.IsOurs(cookie.name)) return true;
    // The application believes what it can open: only the gateway knows of ends.
    if (cookies_.IsSession(cookie.name)) return keeps_session;
    return keeps_ours && (cookie.name == cookies_.csrf || cookie.name == cookies_.callback_url);
  });
  if (replaces_xsrf) {
    if (outcome == http::CookieFilterResult::kUnchanged) context.cookie.assign(fields.Get(http::HeaderId::kCookie));
    if (!context.cookie.empty()) context.cookie += "; ";
    context.cookie += xsrf_cookie;
    outcome = http::CookieFilterResult::kRewritten;
  }
  return outcome;
}

void ForwardHead::PutCookies(RequestContext& context, http::CookieFilterResult result, std::string_view value) const {
  if (result == http::CookieFilterResult::kUnchanged) {
    const auto fields = context.exchange->head().fields.fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].id == http::HeaderId::kCookie) context.request_edits.drop.reset(i);
    }
  } else if (result == http::CookieFilterResult::kRewritten) {
    context.block.append("Cookie: ").append(value).append("\r\n");
  }
}

void ForwardHead::Build(RequestContext& context, const Additions& additions) const {
  const http::HeaderTable& fields = context.exchange->head().fields;
  http::FieldMask& drop = context.request_edits.drop;
  http::MarkIdentityHeaders(fields, drop);
  const bool wants_plain = options_.search_answers && !(additions.identity.empty() && additions.bearer_line.empty());
  const bool pass_authorization = context.route->pass_authorization && additions.bearer_line.empty() &&
                                  additions.identity.find("Authorization:") == std::string_view::npos;
  http::HeaderIdSet dropped = kOurs;
  if (wants_plain) dropped.Add(http::HeaderId::kAcceptEncoding);
  if (!additions.trace_parent.empty()) dropped.Add(http::HeaderId::kTraceparent);
  if (additions.new_trace) dropped.Add(http::HeaderId::kTracestate);
  if (!pass_authorization) dropped.Add(http::HeaderId::kAuthorization);
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (dropped.Has(fields.fields()[i].id)) drop[i] = true;

  std::string& block = context.block;
  block.append(constant_[context.route->upstream]);
  block.append("X-Forwarded-For: ").append(context.client_text).append("\r\nX-Request-Id: ").append(context.request_id_text()).append("\r\n");
  if (fields.Has(http::HeaderId::kForwarded)) {
    const bool v6 = !context.client.is_v4();
    block.append("Forwarded: for=").append(v6 ? "\"[" : "").append(context.client_text).append(v6 ? "]\"" : "").append(forwarded_suffix_);
  }
  if (!additions.trace_parent.empty()) block.append("traceparent: ").append(additions.trace_parent).append("\r\n");
  const std::size_t identity_at = block.size();
  block.append(additions.identity);
  block.append(additions.bearer_line);
  const std::size_t identity_end = block.size();
  EditCookie(context, additions.xsrf_cookie);
  context.request_edits.raw_block = block;
  context.injected_bearer = BearerIn(std::string_view(block).substr(identity_at, identity_end - identity_at));
}

}  // namespace sallyport::gateway
