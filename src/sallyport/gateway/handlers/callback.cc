// SPDX-License-Identifier: Apache-2.0
// GET and POST /api/auth/callback/:provider: hands the request to what the provider's kind needs.
#include "sallyport/gateway/handlers/callback.h"

#include "sallyport/base/log.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/transaction_cookie.h"
#include "sallyport/gateway/handlers/wire_answer.h"
#include "sallyport/gateway/middleware/own_answer.h"

namespace sallyport::gateway {
namespace {

// v4 has no such action; its clients, who asked for JSON, cannot read the text that it says so with.
Answer UnknownProvider(const AuthRequest& request) {
  const std::string url = ErrorUrl(request, "error=Configuration");
  if (!IsV4(request)) return WireRefusal(request, url);
  if (StyleOf(request) == WireStyle::kV4) return WireRefusal(request, url, 400);
  return Answer::Text(400, "Error: This action with HTTP POST is not supported by NextAuth.js");
}

// The answer to a sign-in that this browser has begun at a provider which a reload has taken away meanwhile.
std::optional<Answer> ProviderHasGone(AuthRequest& request, std::string_view state) {
  if (FindTransaction(request, state).empty()) return std::nullopt;
  log::Warn("a sign-in came back from a provider that is not configured any more",
            {{"provider", request.parameters.front()}, {"request_id", request.request_id}});
  const bool v4 = request.services.config.session.compat == session::NextAuthCompat::kV4;
  Answer answer = Answer::Redirect(302, v4 ? OwnErrorUrl(request, "error=OAuthCallback") : ErrorUrl(request, "error=Configuration&code=unavailable"));
  DropTransaction(request, state, answer);
  return answer;
}

}  // namespace

Task<Answer> HandleGetCallback(AuthRequest& request) {
  auto provider = FindProvider(request.services, request.parameters.front());
  if (provider) {
    switch (provider->kind) {
      case ProviderKind::kEmail: co_return co_await HandleEmailLinkPage(request, *std::move(provider));
      case ProviderKind::kIdentityProvider: co_return co_await HandleProviderAnswer(request, *std::move(provider));
      case ProviderKind::kPassword:
      case ProviderKind::kBackend: break;
    }
  }
  if (!provider) {
    if (auto gone = ProviderHasGone(request, request.Query("state"))) co_return *std::move(gone);
  }
  co_return UnknownEndpointAnswer(request.services, request.head(), /*path_known=*/true, http::IsNavigation(request.head()), request.request_id);
}

Task<Answer> HandlePostCallback(AuthRequest& request) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  auto provider = FindProvider(request.services, request.parameters.front());
  if (!provider) {
    auto gone = ProviderHasGone(request, body->form.Find("state").value_or(""));
    if (gone) co_return *std::move(gone);
    co_return UnknownProvider(request);
  }
  switch (provider->kind) {
    case ProviderKind::kEmail: co_return co_await HandleEmailCallback(request, *std::move(provider));
    case ProviderKind::kIdentityProvider: co_return co_await HandleProviderAnswer(request, *std::move(provider));
    case ProviderKind::kPassword:
    case ProviderKind::kBackend: co_return co_await HandleCallbackCredentials(request, *std::move(provider));
  }
  co_return UnknownProvider(request);
}

}  // namespace sallyport::gateway
