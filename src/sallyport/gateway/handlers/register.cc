// SPDX-License-Identifier: Apache-2.0
// GET and POST /api/auth/register.
#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/flow_answer.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/wire_answer.h"

namespace sallyport::gateway {
namespace {

bool IsClosed(const AuthRequest& request) {
  return !request.services.accounts || request.services.config.signin.password.registration == signin::Registration::kClosed;
}

Answer Page(const AuthRequest& request, std::uint16_t status, FormState form) {
  std::optional<std::string> set_cookie;
  form.csrf_token = request.CsrfToken(set_cookie);
  form.callback_url = request.CallbackUrl();
  const std::size_t min_length = request.services.config.signin.password.min_length;
  Answer answer = Answer::Html(status, RenderRegisterPage(request.services.config.gateway.pages, form, min_length));
  if (set_cookie) answer.WithCookie(std::move(*set_cookie));
  return answer;
}

}  // namespace

Task<Answer> HandleRegisterPage(AuthRequest& request) {
  if (IsClosed(request)) co_return NoAccountsHere(request);
  FormState form;
  form.values["email"] = request.Query("email");
  Answer answer = Page(request, 200, std::move(form));
  RememberCallbackUrl(request, request.CallbackUrl(), answer);
  co_return answer;
}

Task<Answer> HandlePostRegister(AuthRequest& request) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session(/*slide=*/false));
  if (const auto verdict = request.CheckCsrf(resolution.session); verdict != AuthRequest::CsrfVerdict::kPassed)
    co_return AccountCsrfRefusal(request, verdict);
  if (IsClosed(request)) co_return NoAccountsHere(request);

  const std::string email(body->Get("email")), name(body->Get("name"));
  std::optional<std::string> browser_cookie;
  const std::string binding = BrowserBinding(request, &browser_cookie);
  SALLYPORT_CO_TRY(signin::FlowAnswer flow, co_await request.services.accounts->Register(
                                                email, name, Secret(std::string(body->Get("password"))), binding, FactsOf(request, email)));
  const bool page = WantsPage(request, *body);
  Answer answer;
  if (flow.outcome == signin::FlowOutcome::kMailSent) {
    answer = page ? Answer::Redirect(303, request.Absolute("/api/auth/verify-request?provider=credentials&type=email"))
                  : Answer::Json(202, json::object{{"code", "check_mail"}, {"detail", "If the address is right, a mail is on its way."}});
  } else if (flow.outcome == signin::FlowOutcome::kDone && flow.user) {
    const std::string url = LandingUrl(request, /*is_new_user=*/true, request.CallbackUrl());
    answer = page ? Answer::Redirect(303, url) : Answer::Json(201, json::object{{"url", url}});
    SALLYPORT_CO_CHECK(co_await BeginSessionInto(request, NewByPassword(std::move(*flow.user)), answer));
  } else if (page) {
    FormState form;
    form.values = {{"email", email}, {"name", name}};
    const std::uint16_t status = ExplainOnForm(flow, request.services.config.signin.password.min_length, form);
    answer = Page(request, status, std::move(form));
  } else {
    answer = ProblemFor(flow, request.services.config.signin.password.min_length);
  }
  if (browser_cookie) answer.WithCookie(std::move(*browser_cookie));
  co_return answer;
}

}  // namespace sallyport::gateway
