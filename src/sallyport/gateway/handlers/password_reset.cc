// SPDX-License-Identifier: Apache-2.0
// GET and POST /api/auth/password/reset: ask for a mail, and with its token choose a new password.
#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/flow_answer.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/wire_answer.h"

namespace sallyport::gateway {
namespace {

std::size_t MinLength(const AuthRequest& request) { return request.services.config.signin.password.min_length; }

bool IsOff(const AuthRequest& request) { return !request.services.accounts || !request.services.config.signin.email.enabled; }

Answer WithForm(const AuthRequest& request, std::uint16_t status, FormState form, std::string_view token, std::string_view address) {
  std::optional<std::string> set_cookie;
  form.csrf_token = request.CsrfToken(set_cookie);
  form.callback_url = request.CallbackUrl();
  const PagesOptions& pages = request.services.config.gateway.pages;
  Answer answer = Answer::Html(status, token.empty() ? RenderResetRequestPage(pages, form)
                                                     : RenderResetPage(pages, form, token, address, MinLength(request)));
  if (set_cookie) answer.WithCookie(std::move(*set_cookie));
  return answer;
}

Answer DeadLink(const AuthRequest& request) {
  return DeadLinkPage(request, "Ask for a new one.", {"Ask for a new link", "/api/auth/password/reset"});
}

Task<Answer> RequestMail(AuthRequest& request, const BodyFields& body) {
  const std::string email(body.Get("email"));
  SALLYPORT_CO_TRY(const signin::FlowAnswer flow, co_await request.services.accounts->RequestReset(email, FactsOf(request)));
  const bool page = WantsPage(request, body);
  if (flow.outcome == signin::FlowOutcome::kMailSent)
    co_return page ? Answer::Redirect(303, request.Absolute("/api/auth/verify-request?type=reset"))
                   : Answer::Json(202, json::object{{"code", "check_mail"}, {"detail", "If the address is right, a mail is on its way."}});
  if (!page) co_return ProblemFor(flow, MinLength(request));
  FormState form;
  form.values["email"] = email;
  const std::uint16_t status = ExplainOnForm(flow, MinLength(request), form);
  co_return WithForm(request, status, std::move(form), {}, {});
}

Task<Answer> SetPassword(AuthRequest& request, const BodyFields& body) {
  const std::string token(body.Get("token"));
  SALLYPORT_CO_TRY(const signin::FlowAnswer flow,
                   co_await request.services.accounts->Reset(token, Secret(std::string(body.Get("password"))), FactsOf(request)));
  const bool page = WantsPage(request, body);
  if (flow.outcome == signin::FlowOutcome::kDone)
    co_return page ? Answer::Redirect(303, SignInUrl(request, "notice=reset")) : Answer::Json(200, json::object{{"code", "password_set"}});
  if (!page) co_return ProblemFor(flow, MinLength(request));
  if (flow.outcome == signin::FlowOutcome::kInvalidToken) co_return DeadLink(request);
  SALLYPORT_CO_TRY(const auto address, co_await request.services.accounts->PeekToken(token, "reset"));
  FormState form;
  const std::uint16_t status = ExplainOnForm(flow, MinLength(request), form);
  co_return WithForm(request, status, std::move(form), token, address.value_or(""));
}

}  // namespace

Task<Answer> HandleResetPage(AuthRequest& request) {
  if (IsOff(request)) co_return NoAccountsHere(request);
  const std::string token = request.Query("token");
  FormState form;
  form.values["email"] = request.Query("email");
  if (token.empty()) co_return WithForm(request, 200, std::move(form), {}, {});
  SALLYPORT_CO_TRY(const auto address, co_await request.services.accounts->PeekToken(token, "reset"));
  if (!address) co_return DeadLink(request);
  co_return WithForm(request, 200, {}, token, *address);
}

Task<Answer> HandlePostReset(AuthRequest& request) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session(/*slide=*/false));
  if (const auto verdict = request.CheckCsrf(resolution.session); verdict != AuthRequest::CsrfVerdict::kPassed)
    co_return AccountCsrfRefusal(request, verdict);
  if (IsOff(request)) co_return NoAccountsHere(request);
  if (body->Has("token")) co_return co_await SetPassword(request, *body);
  co_return co_await RequestMail(request, *body);
}

}  // namespace sallyport::gateway
