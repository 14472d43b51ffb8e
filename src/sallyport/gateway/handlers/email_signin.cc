// SPDX-License-Identifier: Apache-2.0
// Sign-in by mail. POST signin/<id> asks for the mail; GET callback/<id>?token=… shows what its link would do and changes
// nothing, for mail scanners open links and click buttons (S11, S54); POST callback/<id> signs in the browser that posts, with
// the link's token or, in the browser that asked, the mail's code.
#include <algorithm>

#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/callback.h"
#include "sallyport/gateway/handlers/email_asks.h"
#include "sallyport/gateway/handlers/flow_answer.h"
#include "sallyport/gateway/handlers/wire_answer.h"
#include "sallyport/gateway/pages/page.h"
#include "sallyport/http/query.h"
#include "sallyport/identity/email_address.h"
#include "sallyport/signin/email_method.h"

namespace sallyport::gateway {
namespace {

using signin::EmailAnswer;
using signin::EmailOutcome;

std::string VerifyRequestUrl(const AuthRequest& request, const Provider& provider) {
  return request.Absolute("/api/auth/verify-request?provider=" + http::EncodeUriComponent(provider.id) + "&type=email");
}

// The status of a refusal that is read as JSON: v4's clients look at it, v5's at the URL.
std::uint16_t RefusalStatus(const AuthRequest& request) { return IsV4(request) ? 401 : 200; }

Answer Throttled(const AuthRequest& request, const EmailAnswer& outcome) {
  Answer answer = WireRefusal(request, IsV4(request) ? OwnErrorUrl(request, "error=throttled") : SignInUrl(request, "error=EmailSignin&code=throttled"), 429);
  answer.WithHeader("Retry-After", std::to_string(std::max<std::int64_t>(1, (outcome.retry_after.count() + 999) / 1000)));
  return answer;
}

// Where nobody is signed in, and nothing more can be typed.
Answer Refused(const AuthRequest& request, const EmailAnswer& outcome) {
  switch (outcome.outcome) {
    case EmailOutcome::kThrottled: return Throttled(request, outcome);
    case EmailOutcome::kDenied: return WireRefusal(request, ErrorUrl(request, "error=AccessDenied"), RefusalStatus(request));
    case EmailOutcome::kNotLinked: return WireRefusal(request, SignInUrl(request, "error=OAuthAccountNotLinked"), RefusalStatus(request));
    default: return WireRefusal(request, ErrorUrl(request, "error=Verification"), RefusalStatus(request));
  }
}

// Enough to know which address it was, and no help to somebody who has found the link.
std::string Masked(const std::string& email) {
  std::size_t first = 1;
  while (first < email.size() && (static_cast<unsigned char>(email[first]) & 0xc0) == 0x80) ++first;
  return email.substr(0, first) + "•••" + email.substr(email.find('@'));
}

Answer LinkPage(const AuthRequest& request, const Provider& provider, const identity::EmailSignIn::Pending& pending, std::string token,
                std::uint16_t status, FormState form) {
  const auto asks = IdsOf(EmailAsksOf(request));
  EmailLinkPage page;
  page.form = std::move(form);
  page.provider = provider.id;
  page.token = std::move(token);
  page.asked_here = std::find(asks.begin(), asks.end(), pending.id) != asks.end();
  page.address = page.asked_here ? pending.email : Masked(pending.email);
  std::optional<std::string> set_cookie;
  page.form.csrf_token = request.CsrfToken(set_cookie);
  Answer answer = Answer::Html(status, RenderEmailLinkPage(request.services.config.gateway.pages, page));
  if (set_cookie) answer.WithCookie(std::move(*set_cookie));
  return answer;
}

// The link's page again, with what was wrong about the address.
Task<Answer> AskForAddress(AuthRequest& request, Provider provider, std::string token, std::string typed) {
  SALLYPORT_CO_TRY(const auto pending, co_await request.services.email->Peek(token));
  if (!pending) co_return Refused(request, {});
  constexpr std::string_view kSentence = "Type the address that the mail came to.";
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  if (!WantsPage(request, *body)) co_return Answer::Problem(422, "needs_address", kSentence);
  FormState form;
  form.field_errors["email"] = kSentence;
  form.values["email"] = std::move(typed);
  co_return LinkPage(request, provider, *pending, std::move(token), 422, std::move(form));
}

Task<Answer> SignedIn(AuthRequest& request, EmailAnswer outcome) {
  Answer answer = WireRedirect(request, LandingUrl(request, outcome.newcomer, outcome.callback_url));
  SALLYPORT_CO_CHECK(co_await BeginSessionInto(request, *std::move(outcome.signed_in), answer));
  ForgetEmailAsk(request, outcome.id, answer);
  RememberCallbackUrl(request, outcome.callback_url, answer);
  co_return answer;
}

}  // namespace

Task<Answer> HandleEmailAsk(AuthRequest& request, Provider provider) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  const std::string typed(body->Get("email"));
  const std::string callback = request.CallbackUrl();
  const signin::RequestFacts facts = FactsOf(request, identity::CanonicalEmail(typed).value_or(""));
  SALLYPORT_CO_TRY(EmailAnswer outcome, co_await request.services.email->Ask(typed, callback, facts));
  if (outcome.outcome == EmailOutcome::kThrottled) co_return Throttled(request, outcome);
  if (outcome.outcome != EmailOutcome::kMailSent)
    co_return WireRefusal(request, IsV4(request) ? OwnErrorUrl(request, "error=EmailSignin") : SignInUrl(request, "error=EmailSignin"));
  Answer answer = WireRedirect(request, VerifyRequestUrl(request, provider));
  RememberEmailAsk(request, {std::move(outcome.id), std::move(outcome.email)}, answer);
  RememberCallbackUrl(request, callback, answer);
  co_return answer;
}

Task<Answer> HandleEmailLinkPage(AuthRequest& request, Provider provider) {
  std::string token = request.Query("token");
  if (token.empty()) co_return Answer::Redirect(302, ErrorUrl(request, "error=Configuration"));
  SALLYPORT_CO_TRY(const auto pending, co_await request.services.email->Peek(token));
  // next-auth's own links name the address too; there it has to fit.
  const std::string named = request.Query("email");
  if (!pending || (!named.empty() && identity::CanonicalEmail(named) != pending->email))
    co_return Answer::Redirect(302, ErrorUrl(request, "error=Verification"));
  co_return LinkPage(request, provider, *pending, std::move(token), 200, {});
}

Task<Answer> HandleEmailCallback(AuthRequest& request, Provider provider) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session(/*slide=*/false));
  if (request.CheckCsrf(resolution.session) != AuthRequest::CsrfVerdict::kPassed)
    co_return WireRefusal(request, SignInUrl(request, IsV4(request) ? "csrf=true" : "error=MissingCSRF"));

  auto asked = IdsOf(EmailAsksOf(request));
  signin::EmailMethod& method = *request.services.email;
  if (body->Has("code")) {
    SALLYPORT_CO_TRY(EmailAnswer outcome, co_await method.SignInByCode(std::move(asked), std::string(body->Get("code")), FactsOf(request)));
    if (outcome.outcome == EmailOutcome::kWrongCode)
      co_return WireRefusal(request, VerifyRequestUrl(request, provider) + "&error=wrong_code", RefusalStatus(request));
    if (outcome.outcome != EmailOutcome::kSignedIn) co_return Refused(request, outcome);
    co_return co_await SignedIn(request, std::move(outcome));
  }
  const std::string token(body->Get("token")), typed(body->Get("email"));
  SALLYPORT_CO_TRY(EmailAnswer outcome, co_await method.SignInByLink(token, std::move(asked), typed, FactsOf(request)));
  if (outcome.outcome == EmailOutcome::kNeedsAddress) co_return co_await AskForAddress(request, std::move(provider), token, typed);
  if (outcome.outcome != EmailOutcome::kSignedIn) co_return Refused(request, outcome);
  co_return co_await SignedIn(request, std::move(outcome));
}

}  // namespace sallyport::gateway
