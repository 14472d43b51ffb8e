// SPDX-License-Identifier: Apache-2.0
// GET and POST /api/auth/signout; GET /api/auth/signout/callback, where a provider sends people back to who have signed out
// there too.
#include "sallyport/base/url.h"
#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/wire_answer.h"
#include "sallyport/gateway/pages/page.h"
#include "sallyport/http/set_cookie.h"
#include "sallyport/signin/oauth/oauth_method.h"
#include "sallyport/signin/oauth/provider_sign_out.h"

namespace sallyport::gateway {
namespace {

constexpr std::string_view kBackHere = "/api/auth/signout/callback";

// Tells our own way back from a link that somebody else has made.
http::SetCookie StateCookie(const AuthRequest& request) {
  const session::CookieNames& names = request.services.sessions.cookie_names();
  http::SetCookie cookie;
  cookie.name = names.csrf.substr(0, names.csrf.rfind('.') + 1) + "signout";
  cookie.secure = names.secure;
  return cookie;
}

// CSP's form-action holds for the redirect that answers the form, too.
Task<std::string> FormActionFor(const Services& services, const session::SessionRef& session) {
  if (!session || !services.oauth) co_return std::string();
  SALLYPORT_CO_TRY(const std::string endpoint, co_await signin::SignOutEndpoint(*services.oauth->providers(), session->data.method));
  const auto url = ParseUrl(endpoint);
  co_return url ? url->origin.ToString() : std::string();
}

}  // namespace

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
  SALLYPORT_CO_TRY(answer.form_action, co_await FormActionFor(request.services, resolution.session));
  if (set_cookie) answer.WithCookie(std::move(*set_cookie));
  co_return answer;
}

Task<Answer> HandlePostSignOut(AuthRequest& request) {
  SALLYPORT_CO_TRY([[maybe_unused]] const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session(/*slide=*/false));
  if (request.CheckCsrf(resolution.session) != AuthRequest::CsrfVerdict::kPassed)
    co_return WireRefusal(request, IsV4(request) ? SignOutUrl(request, "csrf=true") : SignInUrl(request, "error=MissingCSRF"));
  const std::string url = request.CallbackUrl();
  Answer ended;
  SALLYPORT_CO_TRY(auto tokens, co_await EndSessionInto(request, resolution, ended));
  std::string there;
  const std::string state = request.services.random.Hex(16);
  if (!tokens.empty() && request.services.oauth) {
    SALLYPORT_CO_TRY(there, co_await signin::SignOutUrl(*request.services.oauth->providers(), std::move(tokens), request.Absolute(kBackHere), state));
  }
  Answer answer = WireRedirect(request, there.empty() ? url : there);
  answer.set_cookies = std::move(ended.set_cookies);
  if (!there.empty()) {
    http::SetCookie cookie = StateCookie(request);
    cookie.value = state;
    cookie.max_age = std::chrono::minutes(15);
    answer.WithCookie(cookie.ToString());
  }
  RememberCallbackUrl(request, url, answer);
  co_return answer;
}

// The session has ended long since; all that hangs on `state` is where to go.
Task<Answer> HandleSignedOutThere(AuthRequest& request) {
  const http::SetCookie cookie = StateCookie(request);
  const auto expected = request.Cookie(cookie.name);
  const bool ours = expected && !expected->empty() && request.Query("state") == *expected;
  Answer answer = Answer::Redirect(303, ours ? request.CallbackUrl() : request.Absolute("/"));
  if (expected) answer.WithCookie(cookie.Deletion().ToString());
  co_return answer;
}

}  // namespace sallyport::gateway
