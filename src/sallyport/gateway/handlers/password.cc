// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/password: change it, knowing the current one. Every other session of the person ends.
#include "sallyport/gateway/handlers/account_view.h"
#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/flow_answer.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/middleware/own_answer.h"

namespace sallyport::gateway {

Task<Answer> HandlePostPassword(AuthRequest& request) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  if (!resolution.session) co_return LoginRequiredAnswer(request.services.config.gateway, request.prefers_html(), "/api/auth/account", {});
  if (const auto verdict = request.CheckCsrf(resolution.session); verdict != AuthRequest::CsrfVerdict::kPassed)
    co_return AccountCsrfRefusal(request, verdict);
  if (!request.services.accounts) co_return NoAccountsHere(request);

  const session::SessionRef session = resolution.session;
  SALLYPORT_CO_TRY(const signin::FlowAnswer flow,
                   co_await request.services.accounts->ChangePassword(
                       session->data.user_id, Secret(std::string(body->Get("current"))), Secret(std::string(body->Get("password"))),
                       session->data.id, FactsOf(request, session->data.email.value_or(""))));
  const bool wants_page = WantsPage(request, *body);
  if (flow.outcome == signin::FlowOutcome::kDone)
    co_return wants_page ? Answer::Redirect(303, request.Absolute("/api/auth/account?notice=password")) : Answer::Empty(204);
  const std::size_t min_length = request.services.config.signin.password.min_length;
  if (!wants_page) co_return ProblemFor(flow, min_length);
  AccountPage page;
  page.open_form = "password";
  const std::uint16_t status = ExplainOnForm(flow, min_length, page.form);
  co_return co_await AccountPageAnswer(request, *session, status, std::move(page));
}

}  // namespace sallyport::gateway
