// SPDX-License-Identifier: Apache-2.0
// GET and POST /api/auth/signout.
#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/wire_answer.h"
#include "sallyport/gateway/pages/page.h"

namespace sallyport::gateway {

Task<Answer> HandleSignOutPage(AuthRequest& request) {
  const PagesOptions& pages = request.services.config.gateway.pages;
  if (!pages.sign_out.empty()) co_return Answer::Redirect(302, SignOutUrl(request));
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session(/*slide=*/false));
  std::optional<std::string> set_cookie;
  FormState form;
  form.csrf_token = request.CsrfToken(set_cookie);
  form.callback_url = request.CallbackUrl();
  if (request.HasQuery("csrf")) form.error = SentenceForError("MissingCSRF", {});
  std::string who;
  if (resolution.session) who = resolution.session->data.email.value_or(resolution.session->data.name.value_or(""));
  Answer answer = Answer::Html(200, RenderSignOutPage(pages, form, who));
  if (set_cookie) answer.WithCookie(std::move(*set_cookie));
  co_return answer;
}

Task<Answer> HandlePostSignOut(AuthRequest& request) {
  SALLYPORT_CO_TRY([[maybe_unused]] const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session(/*slide=*/false));
  if (request.CheckCsrf(resolution.session) != AuthRequest::CsrfVerdict::kPassed)
    co_return WireRefusal(request, IsV4(request) ? SignOutUrl(request, "csrf=true") : SignInUrl(request, "error=MissingCSRF"));
  const std::string url = request.CallbackUrl();
  Answer answer = WireRedirect(request, url);
  SALLYPORT_CO_CHECK(co_await EndSessionInto(request, resolution, answer));
  RememberCallbackUrl(request, url, answer);
  co_return answer;
}

}  // namespace sallyport::gateway
