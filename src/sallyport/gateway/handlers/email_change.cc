// SPDX-License-Identifier: Apache-2.0
// GET and POST /api/auth/email/change: ask for another address (current password), and confirm it by the mail's link.
#include "sallyport/gateway/handlers/account_view.h"
#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/flow_answer.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/middleware/own_answer.h"

namespace sallyport::gateway {
namespace {

Answer DeadLink(const AuthRequest& request) {
  return DeadLinkPage(request, "Nothing was changed.", {"Your account", "/api/auth/account"});
}

Task<Answer> Confirm(AuthRequest& request, const BodyFields& body) {
  SALLYPORT_CO_TRY(const signin::FlowAnswer flow,
                   co_await request.services.accounts->ConfirmEmailChange(std::string(body.Get("token")), FactsOf(request)));
  const bool wants_page = WantsPage(request, body);
  if (flow.user) SALLYPORT_CO_CHECK(co_await request.services.sessions.ProfileChanged(flow.user->id));
  if (flow.outcome == signin::FlowOutcome::kDone)
    co_return wants_page ? Answer::Redirect(303, request.Absolute("/api/auth/account?notice=email_changed"))
                         : Answer::Json(200, json::object{{"code", "email_changed"}});
  co_return wants_page ? DeadLink(request) : ProblemFor(flow, 0);
}

Task<Answer> Ask(AuthRequest& request, const session::Session& session, const BodyFields& body) {
  const std::string email(body.Get("email"));
  SALLYPORT_CO_TRY(const signin::FlowAnswer flow,
                   co_await request.services.accounts->RequestEmailChange(session.data.user_id, email,
                                                                          Secret(std::string(body.Get("current"))),
                                                                          FactsOf(request, session.data.email.value_or(""))));
  const bool wants_page = WantsPage(request, body);
  if (flow.outcome == signin::FlowOutcome::kMailSent)
    co_return wants_page ? Answer::Redirect(303, request.Absolute("/api/auth/account?notice=email"))
                         : Answer::Json(202, json::object{{"code", "check_mail"}});
  if (!wants_page) co_return ProblemFor(flow, 0);
  AccountPage page;
  page.open_form = "email";
  page.form.values["email"] = email;
  const std::uint16_t status = ExplainOnForm(flow, 0, page.form);
  co_return co_await AccountPageAnswer(request, session, status, std::move(page));
}

}  // namespace

Task<Answer> HandleChangeEmailPage(AuthRequest& request) {
  if (!request.services.accounts) co_return NoAccountsHere(request);
  ConfirmPage page;
  page.token = request.Query("token");
  SALLYPORT_CO_TRY(const auto address, co_await request.services.accounts->PeekToken(page.token, "email_change"));
  if (!address) co_return DeadLink(request);
  page.address = *address;
  page.changes_address = true;
  std::optional<std::string> set_cookie;
  page.form.csrf_token = request.CsrfToken(set_cookie);
  Answer answer = Answer::Html(200, RenderConfirmPage(request.services.config.gateway.pages, page));
  if (set_cookie) answer.WithCookie(std::move(*set_cookie));
  co_return answer;
}

Task<Answer> HandlePostChangeEmail(AuthRequest& request) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  if (const auto verdict = request.CheckCsrf(resolution.session); verdict != AuthRequest::CsrfVerdict::kPassed)
    co_return AccountCsrfRefusal(request, verdict);
  if (!request.services.accounts) co_return NoAccountsHere(request);
  if (body->Has("token")) co_return co_await Confirm(request, *body);
  if (!resolution.session) co_return LoginRequiredAnswer(request.services.config.gateway, request.prefers_html(), "/api/auth/account", {});
  const session::SessionRef session = resolution.session;
  co_return co_await Ask(request, *session, *body);
}

}  // namespace sallyport::gateway
