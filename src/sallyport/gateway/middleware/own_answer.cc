// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/middleware/own_answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "sallyport/gateway/pages/page.h"
#include "sallyport/http/query.h"
#include "sallyport/session/options.h"

namespace sallyport::gateway {
namespace {

void AppendLine(std::string& block, std::string_view name, std::string_view value) {
  block.append(name).append(": ").append(value).append("\r\n");
}

// An image from elsewhere must be named; everything else is our own or nothing.
std::string ContentSecurityPolicy(const GatewayOptions& options, const Answer& answer) {
  std::string image_sources = "'self' data:";
  if (auto logo = ParseUrl(options.pages.logo)) image_sources += " " + logo->origin.ToString();
  return fmt::format("default-src 'none'; style-src 'self'; img-src {}; form-action 'self'{}{}; frame-ancestors 'none'; base-uri 'none'",
                     image_sources, answer.form_action.empty() ? "" : " ", answer.form_action);
}

std::string SignInPath(const GatewayOptions& options) {
  return options.pages.sign_in.empty() ? "/api/auth/signin" : options.pages.sign_in;
}

Answer HtmlOrProblem(bool html, const PagesOptions& pages, std::uint16_t status, std::string_view code, std::string_view title,
                     std::string_view request_id) {
  return html ? Answer::Html(status, RenderErrorPage(pages, status, title, request_id)) : Answer::Problem(status, code, title);
}

}  // namespace

std::string OwnHeaderLines(const GatewayOptions& options) {
  std::string lines = "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n";
  if (options.public_url.secure()) lines += "Strict-Transport-Security: max-age=31536000\r\n";
  return lines;
}

Task<void> SendOwnAnswer(net::Exchange& exchange, Answer answer, const GatewayOptions& options, std::string_view request_id) {
  std::string block;
  block.reserve(1024);
  if (!answer.content_type.empty()) AppendLine(block, "Content-Type", answer.content_type);
  bool cached = false;
  for (const auto& [name, value] : answer.headers) {
    if (name == "Connection") {
      exchange.CloseAfter();
      continue;
    }
    cached |= name == "Cache-Control";
    AppendLine(block, name, value);
  }
  for (const std::string& cookie : answer.set_cookies) AppendLine(block, "Set-Cookie", cookie);
  if (!cached) block.append(kNoStore);
  block.append(OwnHeaderLines(options));
  if (answer.content_type.starts_with("text/html")) {
    AppendLine(block, "Content-Security-Policy", ContentSecurityPolicy(options, answer));
    AppendLine(block, "X-Frame-Options", "DENY");
  }
  AppendLine(block, "X-Request-Id", request_id);

  co_return co_await SendBlock(exchange, answer.status, block, answer.body);
}

Task<void> SendBlock(net::Exchange& exchange, std::uint16_t status, std::string_view lines, std::string_view body) {
  const bool has_body = status != 204 && status != 304;
  exchange.SetHead(status, {}, lines, has_body ? net::BodyFraming{net::BodyFraming::kLength, body.size()} : net::BodyFraming{});
  const std::string_view sent = has_body && exchange.head().method != http::Method::kHead ? body : std::string_view();
  switch (exchange.TryFinish(sent)) {
    case net::FinishAttempt::kDone: co_return Result<void>();
    case net::FinishAttempt::kMore: break;
    case net::FinishAttempt::kNotTaken:
      if (!sent.empty()) SALLYPORT_CO_CHECK(co_await exchange.WriteBody(sent));
      break;
  }
  co_return co_await exchange.Finish();
}

std::string SignInUrl(const GatewayOptions& options, std::string_view path_and_query) {
  const std::string origin = options.public_url.ToString();
  const std::string sign_in = SignInPath(options);
  const std::string_view separator = sign_in.find('?') == std::string::npos ? "?" : "&";
  return fmt::format("{}{}{}callbackUrl={}", origin, sign_in, separator, http::EncodeUriComponent(origin + std::string(path_and_query)));
}

Answer LoginRequiredAnswer(const GatewayOptions& options, bool navigation, std::string_view path_and_query, std::string_view why) {
  if (navigation) return Answer::Redirect(302, SignInUrl(options, path_and_query));
  json::object body{{"type", "about:blank"},
                    {"title", "Sign in first"},
                    {"status", 401},
                    {"code", why.empty() ? std::string_view("login_required") : why},
                    {"signin_url", options.public_url.ToString() + SignInPath(options)}};
  Answer answer = Answer::Json(401, body);
  answer.content_type = "application/problem+json";
  answer.WithHeader("WWW-Authenticate", why.empty() ? std::string("Bearer") : fmt::format("Bearer error=\"{}\"", why));
  return answer;
}

Answer CsrfRefusal(CsrfVerdict verdict, std::string_view current_token) {
  if (verdict != CsrfVerdict::kBadToken)
    return Answer::Problem(403, "csrf_origin", "This request came from another site",
                           "Unsafe methods must come from this site's own pages (Sec-Fetch-Site or Origin).");
  json::object body{{"type", "about:blank"},
                    {"title", "The CSRF token is missing or stale"},
                    {"status", 403},
                    {"code", "csrf_token"},
                    {"detail", "Send the XSRF-TOKEN cookie's value in the X-XSRF-TOKEN header, or as the form field _csrf."},
                    {"xsrfToken", current_token}};
  Answer answer = Answer::Json(403, body);
  answer.content_type = "application/problem+json";
  answer.WithHeader("X-CSRF-Token", std::string(current_token));
  return answer;
}

Answer ForbiddenAnswer(bool html, const PagesOptions& pages, std::string_view request_id) {
  return HtmlOrProblem(html, pages, 403, "forbidden", "Your account may not see this", request_id);
}

Answer NotFoundAnswer(bool html, const PagesOptions& pages, std::string_view request_id) {
  return HtmlOrProblem(html, pages, 404, "no_route", "There is nothing at this address", request_id);
}

Answer MisdirectedAnswer(const Origin& public_url, bool html) {
  const std::string detail = "This server answers for " + public_url.ToString() + ". Other names must be listed in `aliases`.";
  Answer answer = html ? Answer::Text(421, detail + "\n") : Answer::Problem(421, "misdirected", "Another host was asked for", detail);
  return answer;
}

Answer UnknownEndpointAnswer(const Services& services, const http::RequestHead& head, bool path_known, bool html,
                             std::string_view request_id) {
  const session::NextAuthCompat compat = services.config.session.compat;
  // What the next-auth servers answer to an action or method that they do not have.
  if (compat == session::NextAuthCompat::kV4 && !html)
    return Answer::Text(400, fmt::format("Error: This action with HTTP {} is not supported by NextAuth.js", head.method_name));
  if (compat == session::NextAuthCompat::kV5 && !html) return Answer::Json(400, json::string("Bad request."));
  if (path_known) return HtmlOrProblem(html, services.config.gateway.pages, 405, "method_not_allowed", "This method is not allowed here", request_id);
  return NotFoundAnswer(html, services.config.gateway.pages, request_id);
}

}  // namespace sallyport::gateway
