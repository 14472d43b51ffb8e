// SPDX-License-Identifier: Apache-2.0
// GET and POST /api/auth/callback/<identity provider>: its answer, in the query or (form_post) in a form that its page posts. No
// Origin check: the sealed cookie of the state is the guard (WIRE.md §2, S12).
#include "sallyport/gateway/handlers/callback.h"

#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/transaction_cookie.h"
#include "sallyport/gateway/handlers/wire_answer.h"
#include "sallyport/http/query.h"
#include "sallyport/signin/oauth/oauth_method.h"

namespace sallyport::gateway {
namespace {

constexpr std::string_view kAccountPage = "/api/auth/account";

// next-auth's codes, each version's own.
Answer RefusalAnswer(const AuthRequest& request, signin::OAuthRefusal refusal) {
  using enum signin::OAuthRefusal;
  const bool v4 = request.services.config.session.compat == session::NextAuthCompat::kV4;
  const auto error = [&](std::string_view query) { return Answer::Redirect(302, v4 ? OwnErrorUrl(request, query) : ErrorUrl(request, query)); };
  const auto sign_in = [&](std::string_view query) { return v4 ? error(query) : Answer::Redirect(302, SignInUrl(request, query)); };
  switch (refusal) {
    case kNotLinked: return sign_in("error=OAuthAccountNotLinked");
    case kDenied: return error("error=AccessDenied");
    case kProviderError: return sign_in(v4 ? "error=Callback" : "error=OAuthCallbackError");
    case kNoTransaction: return sign_in(v4 ? "error=OAuthCallback" : "error=OAuthCallbackError");
    case kUnavailable: return error(v4 ? "error=OAuthCallback" : "error=Configuration&code=unavailable");
    case kExchange:
    case kNone: break;
  }
  return error(v4 ? "error=OAuthCallback" : "error=Configuration");
}

// Who came from their account page is told there.
bool CameFromAccountPage(const AuthRequest& request, const std::string& callback_url) {
  return callback_url.starts_with(request.Absolute(kAccountPage));
}

Answer AnswerFor(const AuthRequest& request, const signin::OAuthAnswer& outcome, const session::SessionRef& session) {
  using enum signin::OAuthRefusal;
  if (outcome.refusal == kNone) {
    const bool is_new_user = outcome.signed_in && outcome.signed_in->is_new_user;
    return Answer::Redirect(302, LandingUrl(request, is_new_user, outcome.callback_url));
  }
  if (session && CameFromAccountPage(request, outcome.callback_url)) {
    const bool taken = outcome.refusal == kNotLinked;
    return Answer::Redirect(302, request.Absolute(std::string(kAccountPage) + (taken ? "?notice=taken" : "?notice=not_connected")));
  }
  // "Back", or the same answer twice: who is signed in goes where they would have gone.
  if (session && outcome.refusal == kNoTransaction) return Answer::Redirect(302, outcome.callback_url.empty() ? request.Absolute("/") : outcome.callback_url);
  return RefusalAnswer(request, outcome.refusal);
}

Task<Answer> FinishOAuth(AuthRequest& request, signin::ProviderConnection& provider, http::Parameters parameters) {
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session(/*slide=*/false));
  const std::string state(parameters.Find("state").value_or(""));
  signin::OAuthCallback callback;
  callback.parameters = std::move(parameters);
  callback.transaction = FindTransaction(request, state);
  if (resolution.session) callback.session = resolution.session->data.id;
  const bool had_transaction = !callback.transaction.empty();
  SALLYPORT_CO_TRY(auto outcome, co_await request.services.oauth->Finish(provider, std::move(callback), FactsOf(request)));

  Answer answer = AnswerFor(request, outcome, resolution.session);
  if (had_transaction) DropTransaction(request, state, answer);
  if (outcome.signed_in)
    SALLYPORT_CO_CHECK(co_await BeginSessionInto(request, std::move(*outcome.signed_in), answer, std::move(outcome.former_session)));
  if (outcome.refusal == signin::OAuthRefusal::kNone) RememberCallbackUrl(request, outcome.callback_url, answer);
  co_return answer;
}

}  // namespace

Task<Answer> HandleProviderAnswer(AuthRequest& request, Provider provider) {
  http::Parameters parameters;
  if (request.method() == http::Method::kPost) {
    SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
    parameters = body->form;
  } else if (request.method() != http::Method::kGet) {
    co_return Answer::Problem(405, "method_not_allowed", "GET or POST");   // S11: not HEAD
  } else if (auto parsed = http::ParseQuery(request.raw_query())) {
    parameters = *std::move(parsed);
  }
  co_return co_await FinishOAuth(request, *provider.connection, std::move(parameters));
}

}  // namespace sallyport::gateway
