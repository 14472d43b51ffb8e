// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/handlers/session_answer.h"

#include "sallyport/base/iso8601.h"
#include "sallyport/gateway/handlers/session_view.h"
#include "sallyport/gateway/middleware/own_answer.h"
#include "sallyport/http/query.h"
#include "sallyport/session/session_cookie.h"

namespace sallyport::gateway {
namespace {

// {"user":{…},"expires":"
std::string RenderUser(const GatewayOptions& options, const session::SessionData& data) {
  std::string text = json::serialize(json::object{{"user", SessionUser(options, data, data.claims)}});
  text.back() = ',';
  return text + R"("expires":")";
}

}  // namespace

SessionAnswer::SessionAnswer(const Services& services)
    : services_(services),
      before_cookie_("Content-Type: application/json\r\nSet-Cookie: " + services.sessions.cookie_names().session + "="),
      after_cookie_("\r\n" + std::string(kNoStore) + OwnHeaderLines(services.config.gateway) + "X-Request-Id: ") {}

bool SessionAnswer::TryMake(RequestContext& context) const {
  const http::RequestHead& head = context.exchange->head();
  if (head.method != http::Method::kGet || context.target.path != "/api/auth/session") return false;
  session::Resolution& resolution = context.resolution;
  if (!TryResolveSession(services_.sessions, context)) return false;
  if (!resolution.session || resolution.renew_cookie || resolution.cookie.empty()) return false;
  session::Session& session = *resolution.session;
  session::Rendered& rendered = session.rendered;
  if (rendered.made_with != services_.snapshot) {
    rendered.user = RenderUser(services_.config.gateway, session.data);
    rendered.made_with = services_.snapshot;
  }
  if (const Timestamp expires = CookieExpires(services_.sessions, session); rendered.cookie_expires != expires) {
    rendered.cookie_expires = expires;
    rendered.cookie_attributes = session::SessionCookieAttributes(services_.sessions.cookie_names(), expires);
  }

  std::string& lines = context.answer_block;
  lines.assign(before_cookie_);
  http::AppendUriComponent(lines, resolution.cookie);
  lines.append(rendered.cookie_attributes).append(after_cookie_).append(context.request_id_text()).append("\r\n");
  const auto expires = Iso8601(session.idle_end);
  context.block.assign(rendered.user).append(expires.data(), expires.size()).append(R"("})");
  return true;
}

}  // namespace sallyport::gateway
