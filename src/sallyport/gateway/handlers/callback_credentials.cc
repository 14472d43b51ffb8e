// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/callback/<credentials provider>: signs in with a password or against the back end.
#include <algorithm>

#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/callback.h"
#include "sallyport/gateway/handlers/wire_answer.h"
#include "sallyport/http/query.h"
#include "sallyport/identity/email_address.h"
#include "sallyport/signin/backend_method.h"
#include "sallyport/signin/errc.h"
#include "sallyport/signin/password_method.h"

namespace sallyport::gateway {
namespace {

// What was typed as "who": canonical when it is an address, so that one account is one key for limits.
std::string AccountOf(const BodyFields& body) {
  for (const std::string_view name : {"email", "username"}) {
    if (const auto typed = body.Get(name); !typed.empty()) return identity::CanonicalEmail(typed).value_or(std::string(typed.substr(0, 320)));
  }
  return {};
}

Task<signin::SignInAnswer> SignInWith(AuthRequest& request, const Provider& provider, const BodyFields& body) {
  const std::string account = AccountOf(body);
  if (provider.kind == ProviderKind::kBackend) {
    signin::BackendCredentials credentials;
    for (const auto& [name, value] : body.fields) credentials.fields.emplace_back(name, value);
    co_return co_await request.services.backend->SignIn(std::move(credentials), FactsOf(request, account));
  }
  signin::PasswordCredentials credentials;
  credentials.identifier = account;
  credentials.password = Secret(std::string(body.Get("password")));
  co_return co_await request.services.password->SignIn(std::move(credentials), FactsOf(request, account));
}

// 401 in v4's manner, 200 in v5's (research notes §0.4). A code of the back end's (or ours) is v5's `code` and v4's `error`.
Answer Refusal(const AuthRequest& request, const Provider& provider, std::string_view code, std::uint16_t status) {
  if (!IsV4(request)) {
    const std::string url = SignInUrl(request, "error=CredentialsSignin&code=" + http::EncodeUriComponent(code));
    return WireRefusal(request, url, status == 0 ? 200 : status);
  }
  const std::string_view error = code == "credentials" ? std::string_view("CredentialsSignin") : code;
  const std::string query = "error=" + http::EncodeUriComponent(error) + "&provider=" + http::EncodeUriComponent(provider.id);
  return WireRefusal(request, OwnErrorUrl(request, query), status == 0 ? 401 : status);
}

Answer RefusalFor(const AuthRequest& request, const Provider& provider, const signin::SignInAnswer& outcome) {
  if (outcome.refusal != signin::Errc::kThrottled)
    return Refusal(request, provider, outcome.code.empty() ? std::string_view("credentials") : std::string_view(outcome.code), 0);
  Answer answer = Refusal(request, provider, "throttled", 429);
  answer.WithHeader("Retry-After", std::to_string(std::max<std::int64_t>(1, (outcome.retry_after.count() + 999) / 1000)));
  return answer;
}

}  // namespace

Task<Answer> HandleCallbackCredentials(AuthRequest& request, Provider provider) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session(/*slide=*/false));
  if (request.CheckCsrf(resolution.session) != AuthRequest::CsrfVerdict::kPassed)
    co_return WireRefusal(request, SignInUrl(request, IsV4(request) ? "csrf=true" : "error=MissingCSRF"));

  auto outcome = co_await SignInWith(request, provider, *body);
  if (!outcome) {
    const signin::Errc trouble = outcome.error().Is(signin::Errc::kOverloaded)            ? signin::Errc::kOverloaded
                                 : outcome.error().Is(signin::Errc::kBackendUnavailable) ? signin::Errc::kBackendUnavailable
                                                                                         : signin::Errc{};
    if (trouble == signin::Errc{}) co_return std::unexpected(std::move(outcome).error());
    Answer answer = Refusal(request, provider, "unavailable", 503);
    answer.WithHeader("Retry-After", "2");
    co_return answer;
  }
  if (!outcome->ok()) co_return RefusalFor(request, provider, *outcome);

  const std::string url = request.CallbackUrl();
  Answer answer = WireRedirect(request, LandingUrl(request, outcome->signed_in->is_new_user, url));
  SALLYPORT_CO_CHECK(co_await BeginSessionInto(request, std::move(*outcome->signed_in), answer));
  RememberCallbackUrl(request, url, answer);
  co_return answer;
}

}  // namespace sallyport::gateway
