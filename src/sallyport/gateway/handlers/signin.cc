// SPDX-License-Identifier: Apache-2.0
// GET and POST /api/auth/signin[/provider].
#include "sallyport/gateway/handlers/callback.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/oauth_start.h"
#include "sallyport/gateway/handlers/providers.h"
#include "sallyport/gateway/handlers/wire_answer.h"
#include "sallyport/gateway/pages/page.h"
#include "sallyport/http/query.h"

namespace sallyport::gateway {
namespace {

std::string NoticeFor(std::string_view notice) {
  if (notice == "confirmed") return "Your address is confirmed. You can sign in now.";
  if (notice == "reset") return "Your new password is set. Sign in with it.";
  if (notice == "signed_out") return "You are signed out.";
  return {};
}

}  // namespace

Task<Answer> HandleSignInPage(AuthRequest& request) {
  const PagesOptions& pages = request.services.config.gateway.pages;
  const std::string callback = request.CallbackUrl();
  const std::string error = !request.parameters.empty() ? std::string() : request.Query("error");
  if (!pages.sign_in.empty()) {
    std::string query = "callbackUrl=" + http::EncodeUriComponent(callback);
    if (!error.empty()) query += "&error=" + http::EncodeUriComponent(error);
    co_return Answer::Redirect(302, SignInUrl(request, query));
  }
  std::optional<std::string> set_cookie;
  SignInPage page;
  page.form.csrf_token = request.CsrfToken(set_cookie);
  page.form.callback_url = callback;
  page.form.error = request.HasQuery("csrf") ? SentenceForError("MissingCSRF", {}) : SentenceForError(error, request.Query("code"));
  page.form.values["email"] = request.Query("email");
  page.notice = NoticeFor(request.Query("notice"));
  const signin::SigninOptions& options = request.services.config.signin;
  // A link that may not start by itself leads here: with that provider's button alone (WIRE.md §2).
  const auto wanted = FindProvider(request.services, request.Query("provider"));
  const bool only_one = wanted && wanted->connection;
  if (only_one) page.more_href = SignInUrl(request, "callbackUrl=" + http::EncodeUriComponent(callback));
  for (const Provider& provider : ListProviders(request.services)) {
    if (provider.alias || (only_one && provider.id != wanted->id)) continue;
    if (provider.connection) {
      page.providers.push_back({provider.id, provider.name});
      continue;
    }
    SignInPage::Method method;
    method.id = provider.id;
    method.by_mail = provider.kind == ProviderKind::kEmail;
    method.name = provider.kind == ProviderKind::kBackend ? provider.name : method.by_mail ? "a link by mail" : "password";
    method.email = provider.kind != ProviderKind::kBackend || !options.backend.fields.contains("username");
    page.methods.push_back(std::move(method));
  }
  page.can_register = !only_one && request.services.password && options.password.registration != signin::Registration::kClosed;
  page.can_reset = !only_one && request.services.password && options.email.enabled;
  Answer answer = Answer::Html(200, RenderSignInPage(pages, page));
  answer.form_action = FormActions(request.services);
  if (set_cookie) answer.WithCookie(std::move(*set_cookie));
  RememberCallbackUrl(request, callback, answer);
  co_return answer;
}

// Starts a sign-in by mail or at an identity provider. Credentials are posted to their callback, so they lead to the sign-in page,
// and an unknown provider to where each version of next-auth sends it.
Task<Answer> HandlePostSignIn(AuthRequest& request) {
  SALLYPORT_CO_TRY([[maybe_unused]] const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  if (request.CheckCsrf(resolution.session) != AuthRequest::CsrfVerdict::kPassed)
    co_return WireRefusal(request, SignInUrl(request, IsV4(request) ? "csrf=true" : "error=MissingCSRF"));
  if (request.parameters.empty()) co_return WireRedirect(request, SignInUrl(request, IsV4(request) ? "csrf=true" : ""));
  if (auto provider = FindProvider(request.services, request.parameters.front())) {
    if (provider->connection) co_return co_await StartOAuth(request, *provider->connection, resolution.session, MayConnect(request));
    if (provider->kind == ProviderKind::kEmail) co_return co_await HandleEmailAsk(request, *std::move(provider));
    Answer answer = WireRedirect(request, SignInUrl(request, "callbackUrl=" + http::EncodeUriComponent(request.CallbackUrl())));
    RememberCallbackUrl(request, request.CallbackUrl(), answer);
    co_return answer;
  }
  co_return WireRefusal(request, IsV4(request) ? SignInUrl(request, "csrf=true") : ErrorUrl(request, "error=Configuration"));
}

}  // namespace sallyport::gateway
