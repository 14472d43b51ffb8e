// SPDX-License-Identifier: Apache-2.0
// GET and POST /api/auth/email/verify: the link of a registration. The GET shows, the POST does (S11); a browser that did not
// ask must prove with the password that it belongs to the same person (S54).
#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/flow_answer.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/wire_answer.h"

namespace sallyport::gateway {
namespace {

Answer DeadLink(const AuthRequest& request) {
  return DeadLinkPage(request, "If you have confirmed your address, just sign in; else register again.", {"Sign in", SignInUrl(request)});
}

Answer Page(const AuthRequest& request, std::uint16_t status, ConfirmPage page) {
  std::optional<std::string> set_cookie;
  page.form.csrf_token = request.CsrfToken(set_cookie);
  page.form.callback_url = request.CallbackUrl();
  Answer answer = Answer::Html(status, RenderConfirmPage(request.services.config.gateway.pages, page));
  if (set_cookie) answer.WithCookie(std::move(*set_cookie));
  return answer;
}

}  // namespace

Task<Answer> HandleVerifyEmailPage(AuthRequest& request) {
  if (!request.services.accounts) co_return NoAccountsHere(request);
  ConfirmPage page;
  page.token = request.Query("token");
  SALLYPORT_CO_TRY(const auto address, co_await request.services.accounts->PeekToken(page.token, "register"));
  if (!address) co_return DeadLink(request);
  page.address = *address;
  page.needs_password = BrowserBinding(request, nullptr).empty();
  co_return Page(request, 200, std::move(page));
}

Task<Answer> HandlePostVerifyEmail(AuthRequest& request) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session(/*slide=*/false));
  if (const auto verdict = request.CheckCsrf(resolution.session); verdict != AuthRequest::CsrfVerdict::kPassed)
    co_return AccountCsrfRefusal(request, verdict);
  if (!request.services.accounts) co_return NoAccountsHere(request);

  const std::string token(body->Get("token"));
  SALLYPORT_CO_TRY(signin::FlowAnswer flow, co_await request.services.accounts->ConfirmRegistration(
                                                token, BrowserBinding(request, nullptr), Secret(std::string(body->Get("password"))), FactsOf(request)));
  const bool wants_page = WantsPage(request, *body);
  if (flow.outcome == signin::FlowOutcome::kDone && flow.user) {
    const std::string url = LandingUrl(request, /*is_new_user=*/true, request.CallbackUrl());
    Answer answer = wants_page ? Answer::Redirect(303, url) : Answer::Json(200, json::object{{"url", url}});
    SALLYPORT_CO_CHECK(co_await BeginSessionInto(request, NewByPassword(std::move(*flow.user)), answer));
    co_return answer;
  }
  if (!wants_page) co_return ProblemFor(flow, request.services.config.signin.password.min_length);
  if (flow.outcome == signin::FlowOutcome::kNeedsProof) {
    SALLYPORT_CO_TRY(const auto address, co_await request.services.accounts->PeekToken(token, "register"));
    if (address) {
      ConfirmPage page;
      page.token = token;
      page.address = *address;
      page.needs_password = true;
      const std::uint16_t status = ExplainOnForm(flow, 0, page.form);
      co_return Page(request, status, std::move(page));
    }
  }
  co_return DeadLink(request);
}

}  // namespace sallyport::gateway
