// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/verify-request: "a mail is on its way".
#include "sallyport/gateway/handlers/email_asks.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/pages/page.h"
#include "sallyport/http/query.h"

namespace sallyport::gateway {
namespace {

constexpr const char* kMailbox = "/api/auth/dev/mailbox";

// For the browser that asked: the code of the mail is typed here.
Answer CodePage(const AuthRequest& request, const std::string& address, std::string_view error) {
  const signin::EmailSignInOptions& options = request.services.config.signin.email_sign_in;
  CheckMailPage page;
  std::optional<std::string> set_cookie;
  page.form.csrf_token = request.CsrfToken(set_cookie);
  if (!error.empty()) page.form.field_errors["code"] = "This is not the code of the mail. Look again, and mind that it is good for a few tries only.";
  page.provider = options.id;
  page.address = address;
  page.minutes = std::chrono::ceil<std::chrono::minutes>(options.lifetime).count();
  if (request.services.config.gateway.dev) page.mailbox = kMailbox;
  Answer answer = Answer::Html(200, RenderCheckMailPage(request.services.config.gateway.pages, page));
  if (set_cookie) answer.WithCookie(std::move(*set_cookie));
  return answer;
}

}  // namespace

Task<Answer> HandleVerifyRequestPage(AuthRequest& request) {
  const GatewayOptions& options = request.services.config.gateway;
  const std::string error = request.Query("error");
  if (!options.pages.verify_request.empty()) {
    std::string url = request.Absolute(options.pages.verify_request);
    if (!error.empty()) url += (url.find('?') == std::string::npos ? "?error=" : "&error=") + http::EncodeUriComponent(error);
    co_return Answer::Redirect(302, std::move(url));
  }
  const auto asks = EmailAsksOf(request);
  if (request.services.email && request.Query("type") == "email" && !asks.empty()) co_return CodePage(request, asks.front().email, error);
  MessagePage page;
  page.heading = "Check your mail";
  page.text = "If the address is right, a message with the next step is on its way to it. The link in it works for a limited time.";
  if (options.dev) {
    page.link_text = "Open the development mailbox";
    page.link_href = kMailbox;
  }
  co_return Answer::Html(200, RenderMessagePage(options.pages, page));
}

}  // namespace sallyport::gateway
